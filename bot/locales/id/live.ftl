# Setelah website tayang.

say-live = 🎉 Websitenya sudah tayang!
    <b>{ $url }</b>

    Terpakai { $cost } token, sisa { $balance }. Mau ubah sesuatu? Tinggal bilang, gratis. Misalnya:
    • <i>jam buka senin-sabtu 8-17</i>
    • <i>tambah menu Es Teh 5rb</i>
    • <i>ganti warna hijau</i>
say-shown = 🎉 Websitenya sudah tayang!
    <b>{ $url }</b>

    Kata-katanya masih saya rapikan, halamannya berganti sendiri. Tidak perlu ditunggu; kalau mau ubah sesuatu, tinggal bilang.
say-words-follow = Websitenya sudah tayang di { $url }. Kata-katanya masih saya rapikan; tulis <i>batal</i> kalau mau dihentikan.
say-written = ✨ Kata-kata di <b>{ $url }</b> sudah rapi. Terpakai { $cost } token, sisa { $balance }.
say-unwritten = Penulis kami sedang berhalangan{ $kak }, jadi <b>{ $url }</b> tetap tayang dengan kata-kata yang sekarang, { $released } token sudah kembali, dan boleh dicoba lagi kapan saja.
say-writing-again = Siap, kata-kata website <b>{ $name }</b> saya tulis lagi. ✍️
say-nothing-to-write = Kata-kata websitenya sudah seperti seharusnya{ $kak }.
say-writing-cancelled = Sudah saya hentikan dan websitenya saya turunkan lagi. { $released } token kembali ke saldo, dan jawaban { $anda } masih saya simpan.
say-writing-stopped = Sudah saya hentikan. Websitenya tetap tayang seperti sebelumnya, dan { $released } token kembali ke saldo.
say-other-site-live = Website yang satunya sudah tayang: { $url }
say-help-live = Bilang saja apa yang mau diubah, gratis dan langsung tayang:
    • <i>tambah menu Es Teh 5rb</i>, <i>harga kopi jadi 20rb</i>, <i>roti habis</i>
    • <i>nomor WA jadi 0813…</i>, <i>jam buka 8-17</i>, <i>alamat Jl. …</i>
    • <i>ganti warna hijau</i>, <i>judulnya …</i>, <i>sembunyikan galeri</i>
    • kirim foto untuk galeri
    • <i>kembalikan</i>: batalkan perubahan terakhir
    • <i>poster qr</i> untuk dicetak, <i>kirim file web saya</i>
    • <i>buat baru</i>, <i>situs saya</i>, <i>saldo</i>
say-status-live = Websitenya tayang di { $url }.
say-site-picked = Website ini sedang tayang di <b>{ $url }</b>. Bilang saja kalau ada yang mau diubah.
say-site-suspended = Website di <b>{ $url }</b> sedang dinonaktifkan oleh pengelola, jadi untuk sementara tidak tayang dan belum bisa diubah. Isinya masih tersimpan. Silakan tanya ke pengelola dulu ya{ $kak }.
say-site-gone = Maaf{ $kak }, website di <b>{ $url }</b> sudah dihapus oleh pengelola, jadi tidak ada lagi dan tidak bisa diubah. Kalau ada pertanyaan, silakan hubungi pengelola.
word-site-off = sedang dinonaktifkan
say-editing = Siap, saya ubah:
    { $list }
say-visitor = 📩 Ada pesan baru dari pengunjung website{ $kak }:

    Nama: <b>{ $name }</b>
    Kontak: { $contact }
    Pesan: { $message }
say-edit-live = Sudah tayang! ✅
    { $url }
say-edit-live-elsewhere = Perubahannya sudah tayang! ✅
say-edit-not-found = Bagian itu tidak ada di websitenya, jadi belum ada yang berubah. Coba sebut namanya persis seperti di website.
say-edit-refused = Perubahan itu belum lolos pemeriksaan kami, jadi websitenya tetap seperti semula. Coba dengan kata lain, ya.
say-edit-forbidden = Maaf{ $kak }, perubahan itu menyangkut { $kind ->
        [sexual] layanan seksual atau pornografi
        [gambling] perjudian
        [weapons] senjata api atau bahan peledak
        [drugs] narkoba atau obat yang tidak boleh dijual bebas
        [hate] kebencian terhadap suatu golongan
        [scam] penipuan atau surat palsu
        [counterfeit] barang tiruan atau bajakan
       *[illicit] hal yang dilarang hukum
    }, jadi tidak bisa saya pasang. Websitenya tetap seperti semula.
say-edit-internal = Maaf{ $kak }, perubahannya belum berhasil karena gangguan di tempat kami. Websitenya tetap seperti semula; coba lagi sebentar, ya.
say-undone = Sudah saya kembalikan, sekarang versi { $version } yang tayang.
say-nothing-to-undo = Belum ada perubahan yang bisa dikembalikan.
say-renamed = Alamat websitenya sekarang <b>{ $url }</b>.
say-change-dropped = Oke, tidak jadi. Ada lagi yang mau diubah?
say-nothing-open = Tidak ada yang sedang berjalan{ $kak }. Websitenya tetap tayang.
say-complete = Sip, terima kasih{ $kak }! 🙏 Websitenya tetap tayang di { $url }. Kapan pun mau ubah sesuatu, tinggal chat di sini.

    Poster dengan kode QR siap dicetak di { $url }/poster.svg

ask-anything-else = Ada lagi yang mau diubah?
ask-what-to-change = Apa yang mau diubah? Misalnya <i>ganti nomor WA jadi 0813…</i>, <i>tambah menu Es Teh 5rb</i>, atau kirim foto.
ask-slot-name = Nama barunya apa{ $kak }?
ask-slot-phone = Nomor barunya berapa? Contohnya <i>0812 3456 7890</i>.
ask-slot-address = Alamat barunya di mana{ $kak }?
ask-slot-hours = Jam bukanya jadi bagaimana? Misalnya <i>senin-sabtu 8-17</i>.
ask-slot-colour = Mau ganti ke warna apa?
ask-slot-heading = Judulnya mau jadi apa?
ask-slot-item = Apa yang mau ditambahkan, dan berapa harganya? Misalnya <i>Es Teh 5rb</i>.
ask-slot-remove = Yang mana yang mau dihapus?
ask-slot-price = Harga apa yang berubah? Misalnya <i>kopi susu jadi 20rb</i>.
ask-slot-price-of = Harga { $item } jadi berapa?
ask-slot-subdomain = Alamat website barunya mau apa? Cukup namanya, misalnya <i>kopi-senja</i>.

oops-slot-1 = Hmm, saya belum menangkap yang itu.
oops-slot-2 = Masih belum terbaca, maaf ya.
oops-edit-1 = Saya belum paham perubahan itu.
oops-edit-2 = Maaf, yang itu belum bisa saya lakukan.
oops-no-item-1 = <b>{ $name }</b> tidak ada di daftar. Yang ada: { $items }.
oops-no-item-2 = Saya tidak menemukan <b>{ $name }</b>. Di website sekarang ada: { $items }.
oops-no-items-1 = <b>{ $name }</b> belum ada di website; daftarnya masih kosong. Tambahkan dengan <i>tambah menu { $name } 10rb</i>.
oops-no-items-2 = Daftarnya memang masih kosong, jadi <b>{ $name }</b> belum ada. Mau ditambahkan?
