# Jawaban bot sebelum website tayang.

say-hello = Halo Kak { $name }! 👋 Saya bantu buatkan website usahanya: cukup jawab enam pertanyaan singkat, lalu langsung tayang. Biayanya { $price } token, sudah cukup dari bonus daftar Kakak ({ $balance } token).
say-hello-nameless = Halo Kak! 👋 Saya bantu buatkan website usahanya: cukup jawab enam pertanyaan singkat, lalu langsung tayang. Biayanya { $price } token, sudah cukup dari bonus daftar Kakak ({ $balance } token).
say-hello-short = Halo Kak { $name }! 👋 Saya bantu buatkan website usahanya: cukup jawab enam pertanyaan singkat, lalu langsung tayang. Biayanya { $price } token; saldo Kakak sekarang { $balance }, nanti bisa ditambah gratis dengan <i>klaim</i>.
say-hello-nameless-short = Halo Kak! 👋 Saya bantu buatkan website usahanya: cukup jawab enam pertanyaan singkat, lalu langsung tayang. Biayanya { $price } token; saldo Kakak sekarang { $balance }, nanti bisa ditambah gratis dengan <i>klaim</i>.
say-hello-back = Halo lagi Kak { $name }! 👋 Senang ketemu lagi.
say-hello-back-nameless = Halo lagi Kak! 👋 Senang ketemu lagi.
say-hello-again = Halo{ $kak }! Kita lanjutkan, ya.
say-new-begun = Siap, kita buat website baru. Enam pertanyaan singkat saja.

say-name-noted = <b>{ $name }</b>, nama yang bagus!
say-noted-one = Sip, saya catat: { $what }.
say-noted = Sip, sudah saya catat:
    { $list }
say-removed = Oke, { $what } sudah saya hapus.
say-added = Sip, sudah saya tambahkan.
say-back = Oke, kita mundur satu langkah.
say-first-question = Ini sudah pertanyaan pertama{ $kak }.
say-kept = Oke, tidak jadi dihapus. Kita lanjut.
say-cancelled = Baik, sudah saya batalkan. Kapan pun mau mulai lagi, saya siap.
say-lost = Maaf Kak, pesan tadi gagal saya proses, gangguannya di tempat kami. Yang sudah tersimpan tetap aman. Boleh ditulis sekali lagi? Kalau masih begini, sebutkan nomor { $reference } ke pengelola ya.
say-language-set = Oke, kita pakai bahasa Indonesia.
say-welcome-thanks = Sama-sama{ $kak }! 😊

say-summary = Ini rangkumannya{ $kak }:

    { $lines }

    Alamat website: <b>{ $url }</b>
say-gap-phone = Nomor WhatsApp belum ada. Kalau mau, tulis sekarang supaya pelanggan bisa langsung pesan.
say-gap-visit = Alamat atau jam buka juga boleh ditulis sekarang, atau menyusul nanti.
say-summary-price = Biaya <b>{ $price } token</b>. Saldo { $balance }, sisanya nanti { $after }.
say-summary-price-short = Biaya <b>{ $price } token</b>, saldo sekarang { $balance }. Tambah dulu dengan <i>klaim</i> atau <i>undang</i>, ya.
say-address-noted = Oke, alamatnya jadi <b>{ $url }</b>.
say-insufficient = Saldonya kurang { $lack } token: ada { $available }, perlu { $price }. Tambahnya gratis: <b>klaim</b> harian dapat { $daily }, <b>undang</b> teman dapat { $bonus }. Jawaban { $anda } tetap saya simpan.
say-used-up = Hari ini sudah { $count } kali membuat website, itu batasnya. Jawaban { $anda } saya simpan; besok tinggal bilang <i>ya</i>.
say-name-taken = Alamat <b>{ $asked }</b> sudah dipakai orang lain.
say-name-refused = Alamat <b>{ $asked }</b> tidak bisa dipakai.

say-begun = Siap! ✨ Website <b>{ $name }</b> mulai saya buat. Prosesnya bisa dilihat langsung.
stage-intent = Saya baca dulu cerita <b>{ $name }</b>…
stage-design = Memilih tampilan dan warna untuk <b>{ $name }</b>… 🎨
stage-content = Menulis isi website <b>{ $name }</b>… ✍️
stage-images = Menyiapkan gambar untuk <b>{ $name }</b>…
stage-assembly = Menyusun halaman <b>{ $name }</b>, hampir jadi…
stage-publish = Sebentar lagi tayang… 🚀
say-wait-1 = Sebentar lagi ya{ $kak }, websitenya sedang saya kerjakan.
say-wait-2 = Masih saya kerjakan{ $kak }. Begitu tayang, langsung saya kabari di sini.
say-still-working = Websitenya sedang saya kerjakan, biasanya tidak sampai semenit.
say-not-while-working = Kita selesaikan yang ini dulu ya{ $kak }.
say-after-live = Oke, kirim lagi setelah websitenya tayang ya{ $kak }, langsung saya pasang.
say-photo-later = Fotonya sudah saya simpan{ $kak }. Begitu websitenya tayang, langsung saya pasang.
say-run-cancelled = Sudah saya hentikan. { $released } token kembali ke saldo, dan jawaban { $anda } masih saya simpan.
say-run-not-cancelled = Sudah terlalu dekat{ $kak }, websitenya sedang ditayangkan. Nanti tetap bisa diubah atau dikembalikan.
say-failed-refused = Maaf{ $kak }, websitenya belum bisa saya tayangkan: { $why }. { $released } token sudah kembali. Ubah jawabannya sedikit, lalu kita ulang.
why-poses = isinya mirip situs resmi bank, dompet digital, marketplace, atau instansi
why-secrets = isinya meminta PIN, kata sandi, kode OTP, atau nomor kartu
why-link = ada tautan yang alamatnya menyerupai situs bank, dompet digital, atau marketplace. Pakai tautan resminya
why-unnamed = ada isi yang belum lolos pemeriksaan kami
say-failed-internal = Maaf{ $kak }, ada gangguan di tempat kami dan websitenya belum jadi. { $released } token sudah kembali. Jawaban { $anda } aman, tinggal dicoba lagi.
say-failed-forbidden = Maaf{ $kak }, website untuk { $kind ->
        [sexual] layanan seksual atau pornografi
        [gambling] perjudian
        [weapons] senjata api atau bahan peledak
        [drugs] narkoba atau obat yang tidak boleh dijual bebas
        [hate] kebencian terhadap suatu golongan
        [scam] penipuan atau surat palsu
        [counterfeit] barang tiruan atau bajakan
       *[illicit] hal yang dilarang hukum
    } tidak bisa saya tayangkan. { $released } token sudah kembali. Kalau saya salah paham, ubah saja jawabannya, lalu kita ulang.
say-forbidden = Maaf{ $kak }, saya tidak bisa membuatkan website untuk { $kind ->
        [sexual] layanan seksual atau pornografi
        [gambling] perjudian
        [weapons] senjata api atau bahan peledak
        [drugs] narkoba atau obat yang tidak boleh dijual bebas
        [hate] kebencian terhadap suatu golongan
        [scam] penipuan atau surat palsu
        [counterfeit] barang tiruan atau bajakan
       *[illicit] hal yang dilarang hukum
    }. Tidak ada token yang terpakai. Kalau saya salah paham, ubah saja jawabannya, lalu kita ulang.

say-help-questions = Saya buatkan website dari enam jawaban. Boleh pilih tombol atau menulis bebas, sekaligus banyak juga boleh.
    • <i>kembali</i>: ke pertanyaan sebelumnya
    • <i>ganti nama</i>: ubah jawaban
    • <i>batal</i>: berhenti
    • <i>saldo</i>, <i>klaim</i>, <i>undang</i>: soal token
    • <i>english</i>: ganti bahasa
say-help-confirm = Semua jawaban sudah lengkap. Jawab <i>ya</i> untuk membuat website, atau sebut yang mau diubah: <i>ganti warna</i>, <i>alamatnya kopi-senja</i>. <i>batal</i> untuk berhenti.
say-help-generating = Websitenya sedang dibuat. Tunggu sebentar, atau tulis <i>batal</i> untuk menghentikan.
say-status-questions = Sejauh ini: tinggal { $open } pertanyaan lagi dan websitenya bisa dibuat.
say-status-confirm = Jawabannya sudah lengkap, tinggal kata <i>ya</i> dari { $anda }.
say-status-nothing = Belum ada website.

say-balance = Saldo { $anda } <b>{ $balance } token</b>. Satu website { $price } token; mengubah isinya gratis.
say-history = Mutasi token terakhir:
    { $lines }
    Saldo sekarang <b>{ $balance }</b>.
say-history-empty = Belum ada mutasi token.
say-claimed = Bonus harian masuk: +{ $amount } token. Saldo sekarang <b>{ $balance }</b>. 🎉
say-claim-today = Bonus hari ini sudah diambil. Bisa klaim lagi nanti jam { $time }.
say-claim-tomorrow = Bonus hari ini sudah diambil. Bisa klaim lagi besok jam { $time }.
say-invite-link = Ajak teman lewat tautan ini: { $url }
    Begitu teman mulai, { $anda } dan teman masing-masing dapat { $bonus } token.
say-invite-code = Kode undangan { $anda }: <b>{ $code }</b>
    Begitu teman mulai dengan kode ini, kalian masing-masing dapat { $bonus } token.
say-referral-accepted = Undangannya berlaku: { $amount } token untuk { $anda } dan untuk yang mengundang. 🎉
say-sites = Website { $anda }:
    { $sites }
say-sites-none = Belum ada website yang tayang.

say-answer-price = Buat website { $price } token, dan saldo { $anda } { $balance }. Token bonusnya gratis, perubahan setelah tayang juga gratis.
say-answer-pay = Bayarnya pakai token di sini saja, tidak perlu transfer. Kalau kurang, tambahnya gratis: klaim harian { $daily } token, undang teman { $bonus } token.
say-answer-what = Saya SiteSpark, bot pembuat website untuk usaha kecil. { $anda } cukup cerita di sini, websitenya saya yang buat dan tayangkan.
say-answer-time = Cepat: menjawabnya sekitar dua menit, lalu websitenya jadi kurang dari semenit.
say-answer-domain = Alamatnya nanti seperti { $example }. Domain sendiri seperti .com belum bisa dipasang, tapi nama depannya boleh pilih sendiri.
say-answer-other = Yang itu saya belum bisa jawab{ $kak }. Urusan membuat dan mengubah website, serahkan ke saya.

say-photo-received = Makasih fotonya! Saya simpan dulu ya 📸
say-qris-noted = Gambar QRIS-nya saya simpan{ $kak }. Nanti tampil utuh di bagian kontak, bukan di galeri.
say-logo-noted = Logonya saya simpan{ $kak }. Nanti tampil di bagian atas website dan jadi ikonnya, bukan di galeri.
say-logo-how = Siap{ $kak }. Kirim gambar logonya ke sini dengan tulisan <i>logo</i>, nanti saya pasang di bagian atas website.
say-logo-gone = Oke, logonya tidak saya pakai.
say-logo-none = Belum ada logonya{ $kak }. Kalau mau pakai, kirim gambarnya ke sini dengan tulisan <i>logo</i>.
say-menu-reading = Saya baca dulu daftarnya dari foto{ $kak }, sebentar ya 🔎
say-menu-read = Ini yang saya baca dari fotonya{ $kak }:
    { $lines }
say-menu-more = { $lines }
ask-menu = Daftar dari fotonya ada { $count }. Betul{ $kak }? Kalau ada yang keliru, tulis saja, misalnya <i>nomor 2 jadi 20rb</i> atau <i>hapus nomor 2</i>.
say-menu-added = Sip, { $count } dari fotonya masuk daftar.
say-menu-known = Semua yang di foto itu sudah ada di website{ $kak }.
say-menu-refused = Oke, daftar dari fotonya tidak saya pakai. Tulis saja daftarnya, misalnya <i>Kopi susu 18rb, roti bakar 12rb</i>, atau kirim foto yang lebih jelas.
say-menu-nothing = Daftar harganya belum terbaca di foto itu{ $kak }. Tulis saja ya, misalnya <i>Kopi susu 18rb, roti bakar 12rb</i>.
say-menu-unread = Maaf{ $kak }, fotonya belum bisa saya baca. Tulis saja daftarnya ya, misalnya <i>Kopi susu 18rb, roti bakar 12rb</i>.
say-menu-type = Saya belum bisa membaca daftar dari foto{ $kak }. Tulis saja daftarnya ya, misalnya <i>Kopi susu 18rb, roti bakar 12rb</i>.
oops-certificate-halal = Nomor halal itu belum pas{ $kak }, jadi belum saya tampilkan. Dari BPJPH bentuknya ID lalu 17 angka, misalnya <i>halal ID00410000123450721</i>. Kirim lagi kalau sudah ketemu, ya.
oops-certificate-bpom = Nomor BPOM itu belum pas{ $kak }, jadi belum saya tampilkan. Makanan memakai MD atau ML lalu 12 angka (yang baru 15 angka), kosmetik NA lalu 11 angka. Coba cek lagi di kemasannya, ya.
oops-certificate-pirt = Nomor P-IRT itu belum pas{ $kak }, jadi belum saya tampilkan. Bentuknya 15 angka, misalnya <i>P-IRT 2013471010123-25</i>. Kirim lagi kalau sudah ketemu, ya.
oops-certificate-nib = NIB itu belum pas{ $kak }, jadi belum saya tampilkan. NIB dari OSS terdiri dari 13 angka. Kirim lagi kalau sudah ketemu, ya.
say-photo-stored = Foto tersimpan, sekarang ada { $count }. Nanti saya pasang di website.
say-photo-too-large = Fotonya terlalu besar. Coba kirim sebagai foto biasa, bukan file, ya.
say-photo-unreadable = Fotonya tidak bisa saya buka. Coba kirim ulang dalam bentuk JPG atau PNG, ya.
say-photo-gone = Fotonya tidak sampai. Boleh dikirim sekali lagi?
say-photos-full = Fotonya sudah banyak sekali, cukup dulu ya.
say-heard = 🎙️ <i>“{ $words }”</i>
say-aloud-step = Pertanyaan { $step } dari { $steps }.
say-aloud-choices = Pilihannya: { $choices }.

say-document = Makasih filenya{ $kak }, tapi isinya belum bisa saya baca. Boleh kirim sebagai foto, atau ketik bagian yang penting saja.
say-sticker = 😄
say-unsupported = Yang ini belum bisa saya buka{ $kak }. Boleh ditulis saja?
say-location-noted = Lokasinya sudah saya simpan, nanti jadi tautan peta. 📍
say-card-noted = Nomor dari kartu kontak sudah saya simpan.
say-old-button = Tombol itu sudah tidak berlaku, kita lanjut dari sini saja ya.

oops-unclear-1 = Hmm, saya belum menangkap maksudnya.
oops-unclear-2 = Maaf, yang itu belum jelas buat saya.
oops-trade-1 = Hmm, saya belum tahu itu usaha apa.
oops-trade-2 = Ceritakan sedikit: apa yang dijual atau dikerjakan?
oops-name-1 = Sepertinya itu belum sebuah nama{ $kak }.
oops-name-2 = Namanya perlu dua huruf atau lebih, ya.
oops-name-long-1 = Wah, namanya panjang sekali. Paling panjang 60 huruf, ya.
oops-name-long-2 = Masih kepanjangan. Coba versi singkat yang biasa disebut pelanggan.
oops-name-needed-1 = Namanya perlu ada supaya websitenya punya judul. Nama sementara juga boleh, nanti bisa diganti.
oops-name-needed-2 = Tanpa nama belum bisa jadi website. Sebut saja panggilan usahanya.
oops-name-idea-1 = Belum ada nama? Tidak apa-apa. Bagaimana kalau <b>{ $name }</b> dulu?
oops-name-idea-2 = Boleh pakai <b>{ $name }</b> untuk sementara; nanti gampang diganti.
oops-audience-1 = Hmm, saya belum menangkap siapa pelanggannya.
oops-audience-2 = Cukup satu dua kata saja, misalnya <i>keluarga</i>.
oops-features-1 = Bagian itu belum ada pilihannya.
oops-features-2 = Yang itu belum ketemu. Pilih dari daftar saja biar gampang.
oops-items-1 = Saya belum menemukan nama barang atau layanannya di situ.
oops-items-2 = Belum terbaca juga, maaf ya.
oops-style-1 = Gaya itu belum saya kenal.
oops-style-2 = Yang itu juga belum ketemu. Sebut satu warna saja juga cukup.
oops-colour-1 = Warna itu saya belum kenal.
oops-colour-2 = Belum ketemu warnanya. Coba nama yang umum, seperti <i>biru</i>.
oops-contact-1 = Saya belum menemukan nomor atau alamat di situ.
oops-contact-2 = Belum terbaca sebagai kontak, maaf ya.
oops-phone-missing-1 = Saya belum melihat nomornya.
oops-phone-missing-2 = Nomornya belum ada di pesan itu.
oops-phone-short-1 = Nomornya sepertinya kurang panjang. Contoh yang lengkap: <i>0812 3456 7890</i>.
oops-phone-short-2 = Masih kurang beberapa angka. Biasanya 10 sampai 13 angka, diawali 08.
oops-phone-long-1 = Nomornya kelebihan angka. Contoh yang pas: <i>0812 3456 7890</i>.
oops-phone-long-2 = Masih terlalu panjang. Coba cek lagi, biasanya 10 sampai 13 angka.
oops-phone-unknown-1 = Nomor itu sepertinya tidak ada. Coba cek lagi, contohnya <i>0812 3456 7890</i>.
oops-phone-unknown-2 = Belum cocok juga. Tulis lengkap dengan awalan 08 atau kode negara, ya.
oops-confirm-1 = Saya belum menangkap yang itu.
oops-confirm-2 = Maaf, yang itu belum jelas.
oops-address-1 = Itu belum bisa jadi alamat. Pakai 3 sampai 40 huruf atau angka, ya.
oops-address-2 = Belum bisa juga. Huruf, angka, dan tanda hubung saja, misalnya <i>kopi-senja</i>.

say-voice-1 = Maaf{ $kak }, pesan suara belum bisa saya dengar. Boleh diketik saja?
say-voice-2 = Suaranya belum bisa saya dengar juga{ $kak } 🙏 Singkat-singkat pun tidak apa-apa, asal diketik.

say-answer-can = Bisa{ $kak }! Tinggal cerita di sini, nanti langsung jadi.
say-answer-change = Bisa, kapan saja dan gratis: tinggal bilang di sini apa yang mau diubah.
say-answer-delete = Menghapus website belum bisa dari obrolan ini{ $kak }. Kalau mau diturunkan, hubungi pengelola layanan ini, ya.
say-answer-example = Contoh terbaiknya website { $anda } sendiri: jawab dulu pertanyaannya, nanti prosesnya bisa dilihat langsung. Kurang cocok? Tinggal diubah.
say-answer-google = Bisa. Websitenya sudah saya siapkan supaya mudah dibaca Google; biasanya mulai muncul setelah beberapa hari sampai beberapa minggu.
say-answer-monthly = Tidak ada biaya bulanan. Cukup sekali bayar token waktu websitenya dibuat.
say-answer-parts = Menu & harga untuk yang dijual, galeri untuk foto, jam buka & lokasi supaya gampang didatangi, form booking untuk janji, tentang kami untuk cerita usahanya, tanya jawab untuk yang sering ditanyakan. Yang paling sering dipilih: menu & harga, pesan lewat WA, jam buka & lokasi.
say-answer-person = Di sini saya sendiri yang jawab{ $kak }, dan saya bot. Ceritakan saja kebutuhannya, pelan-pelan juga boleh.
say-answer-phone = Cukup dari HP ini saja, tanpa laptop dan tanpa pasang aplikasi lain.
say-answer-photo = Boleh pakai foto sendiri: kirim saja ke sini kapan pun, nanti saya pasang. Logo juga boleh, beri tulisan <i>logo</i> di gambarnya.
say-answer-robot = Iya, saya bot{ $kak } 😊 Tapi websitenya sungguhan, dan saya bantu sampai tayang.
say-answer-safe = Aman{ $kak }. Yang tampil di website hanya yang { $anda } tulis sendiri, dan saya tidak pernah minta kata sandi, PIN, atau OTP.
say-answer-selling = Pelanggan memesan lewat WhatsApp: mereka pilih barang di website, lalu pesannya masuk ke nomor { $anda }. Bayar dan kirimnya diatur langsung di sana.
say-answer-token = Token itu saldo di sini: buat website { $price } token, dan tiap hari bisa klaim { $daily } token gratis.
say-answer-visitors = Begitu websitenya tayang, tanya saja <i>berapa pengunjung</i>{ $kak }, nanti saya sebutkan jumlahnya. Pesan dari formulir website langsung saya teruskan ke chat ini.

say-laugh-1 = 😄
say-laugh-2 = Hehe 😄 Lanjut ya{ $kak }.
say-calm-1 = Maaf kalau ada yang bikin kesal{ $kak } 🙏 Saya bantu sampai jadi, ya.
say-calm-2 = Saya mengerti{ $kak }. Kita buat sesingkat mungkin.
say-take-your-time = Santai saja{ $kak }, saya tunggu. Lanjut kapan pun siap, ya.
say-hurry-1 = Siap, kita percepat{ $kak }! Yang belum siap boleh dilewati.
say-hurry-2 = Sebentar lagi selesai{ $kak }. Jawab singkat saja sudah cukup.
say-stray-1 = Wah, kalau itu saya tidak bisa{ $kak } 😅 Keahlian saya cuma satu: bikin website.
say-stray-2 = Yang itu di luar kemampuan saya{ $kak }. Kita balik ke websitenya, ya.
say-hello-heard = Halo Kak { $name }! 👋 Siap, saya bantu buatkan websitenya. Biayanya { $price } token, sudah cukup dari bonus daftar Kakak ({ $balance } token).
say-hello-nameless-heard = Halo Kak! 👋 Siap, saya bantu buatkan websitenya. Biayanya { $price } token, sudah cukup dari bonus daftar Kakak ({ $balance } token).
say-corrected = Oke, saya ganti jadi <b>{ $what }</b>.
