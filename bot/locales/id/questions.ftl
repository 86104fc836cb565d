# Pertanyaan-pertanyaan bot. $kak menjadi ", Kak" atau kosong, $anda menjadi "Kakak" atau "Anda".

ask-trade = <b>1/6</b> Usahanya di bidang apa{ $kak }? Pilih saja, atau tulis sendiri, misalnya <i>jualan kue kering</i>.
ask-trade-again = Jadi, usaha { $anda } bergerak di bidang apa? Boleh pilih di bawah atau ditulis bebas, misalnya <i>warung kopi</i> atau <i>bengkel motor</i>.
ask-name = <b>2/6</b> Nama usahanya apa{ $kak }? Tulis persis seperti di papan nama, ya.
ask-name-again = Nama usaha { $anda } apa, ya? Contohnya <i>Kopi Senja</i> atau <i>Laundry Bersih</i>.
ask-audience = <b>3/6</b> Pelanggannya kebanyakan siapa? Pilih atau tulis sendiri.
ask-audience-again = Biasanya siapa yang datang atau beli{ $kak }? Misalnya <i>anak kuliahan</i>. Kalau untuk semua orang, pilih saja "Semua orang".
ask-features = <b>4/6</b> Di websitenya mau ada apa saja? Boleh pilih beberapa, satu per satu, atau tulis sekaligus.
ask-features-more = Sip, sudah ditandai. Mau tambah yang lain, atau <b>Lanjut</b>?
ask-features-again = Bagian apa saja yang mau ditampilkan? Misalnya <i>menu, foto, dan jam buka</i>. Bingung? Pilih "Terserah saja".
ask-items-food = Menunya apa saja dan berapa harganya{ $kak }? Misalnya <i>Kopi susu 18rb, roti bakar 12rb</i>. Boleh beberapa dulu, boleh juga dilewati.
ask-items-goods = Barang apa saja yang dijual dan berapa harganya? Misalnya <i>Tas kanvas 85rb, dompet 40rb</i>. Boleh beberapa dulu, boleh juga dilewati.
ask-items-service = Layanannya apa saja dan berapa tarifnya? Misalnya <i>Paket hemat 50rb, paket lengkap 120rb</i>. Boleh beberapa dulu, boleh juga dilewati.
ask-items-again = Daftar dan harganya bisa ditulis begini: <i>nama 15rb, nama 20rb</i>. Kalau belum siap, lewati saja; nanti bisa ditambah kapan pun.
ask-style = <b>5/6</b> Tampilan { $name } mau seperti apa? Pilih satu, atau tulis gaya dan warnanya, misalnya <i>hijau elegan</i>.
ask-style-again = Kesan apa yang { $anda } mau? Bisa gaya, bisa warna, bisa dua-duanya, misalnya <i>modern biru</i>. Boleh juga terserah saya.
ask-colour = Warna utamanya apa{ $kak }?
ask-colour-again = Warna apa yang cocok? Pilih atau tulis, misalnya <i>hijau tua</i>. Boleh juga terserah saya.
ask-contact = <b>6/6</b> Terakhir: pelanggan bisa menghubungi ke mana? Tulis nomor WhatsApp, dan kalau ada alamat, jam buka, atau Instagram. Boleh dalam satu pesan.
ask-contact-again = Nomor WhatsApp-nya berapa? Alamat dan jam buka juga boleh, misalnya <i>0812 3456 7890, Jl. Melati 5 Bandung, buka 8-17</i>.
ask-phone = Nomor WhatsApp untuk pelanggan berapa{ $kak }? Dengan nomor ini orang bisa langsung pesan dari website.
ask-phone-again = Boleh minta nomor WhatsApp-nya? Contohnya <i>0812 3456 7890</i>. Kalau belum mau, lewati saja.

ask-confirm = Sudah pas? Kalau ya, websitenya langsung saya buat.
ask-confirm-again = Jadi, websitenya saya buat sekarang? Jawab <i>ya</i>, atau sebut yang mau diubah, misalnya <i>ganti nama</i>.
ask-which-change = Yang mana yang mau diubah{ $kak }?
ask-address = Alamat websitenya mau apa? Cukup namanya saja, misalnya <i>kopi-senja</i> supaya jadi { $example }.
ask-take-name = Bagaimana kalau <b>{ $url }</b>?
ask-write-again = Mau saya coba tulis lagi? Token baru terpakai kalau berhasil.
ask-cancel = Yakin mau dibatalkan? Jawaban yang tadi akan dihapus.
ask-restart = Mau mengulang dari awal? Jawaban yang tadi akan dihapus.
ask-new-or-change = Maksudnya buat website <b>baru</b>, atau ubah yang sudah ada?
ask-language = Mau pakai bahasa apa? / Which language?
ask-begin = Mau mulai buat website? Bilang saja <i>buat baru</i>.
