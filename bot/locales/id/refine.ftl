# Mengubah website yang sudah tayang, dan apa yang menjadi milik orangnya.

label-undo = Kembalikan
label-other-look = Tampilan lain
label-none-of-these = Bukan semuanya
label-version = Kembali ke { $number }
label-download = Unduh file
label-delete-site-sure = Ya, hapus websitenya
label-forget-sure = Ya, hapus semua
label-keep-it = Tidak jadi
label-rewrite-sure = Ya, tulis ulang
label-own-writer = Versi gratis saja

ask-pick = Maksudnya yang mana{ $kak }?
ask-delete-site = Yakin website <b>{ $name }</b> dihapus? Begitu dihapus, pengunjung tidak bisa membukanya lagi dan ini tidak bisa dibatalkan. Alamatnya tetap disimpan supaya tidak dipakai orang lain. Kalau cuma mau menyimpan salinannya, bilang dulu <i>kirim file web saya</i>.
ask-forget = Ini menghapus <b>semua data { $anda }</b> di sini: semua website turun, isi obrolan, foto, nomor, dan pesan pengunjung dihapus untuk selamanya. Token yang tersisa hangus; catatan tokennya tetap ada, tapi tanpa nama. Sisa catatan teknis pesan hilang paling lama dalam 8 hari. Kalau nanti kembali, bonus daftar tidak diberikan lagi. Yakin?
ask-rewrite = Tulisan websitenya bisa ditulis ulang oleh penulis AI: biayanya <b>{ $price } token</b>, saldo { $balance }. Dibayar hanya kalau hasilnya tayang. Atau pakai versi lain dari penulis bawaan, gratis.
ask-slot-photo = Foto yang ke berapa yang mau dihapus? Misalnya <i>yang kedua</i> atau <i>terakhir</i>.
ask-slot-words = Mau diganti jadi apa tulisannya?

say-partly = Yang ini belum saya tangkap: <i>{ $missed }</i>. Sisanya saya kerjakan dulu.
say-restoring = Siap, saya kembalikan seperti dulu.
say-rewriting = Siap, tulisannya saya ganti dengan gaya lain.
say-translating = Siap, websitenya saya tulis dalam bahasa itu.
say-rewrite-begun = Siap, saya tulis ulang. Biasanya tidak sampai semenit.
say-rewritten = Tulisan barunya jadi. Terpakai { $cost } token, sisa { $balance }.
say-edit-closed = Website ini sedang tidak ditayangkan oleh pengelola, jadi belum bisa diubah. Silakan tanya ke pengelola dulu ya{ $kak }.
say-edit-locked = Bagian itu sedang dikunci, jadi tidak saya ubah. Bilang <i>buka kunci bagian …</i> dulu kalau memang mau diubah.
say-edit-nothing = Isinya memang sudah seperti itu, jadi tidak ada yang berubah.
say-nothing-to-redo = Tidak ada pembatalan yang bisa diulang.
say-nothing-deleted = Oke, tidak ada yang dihapus.
say-versions = Ini riwayat perubahan websitenya:
    { $lines }

    Pilih kalau mau kembali ke salah satunya. Untuk mutasi token, tulis <i>riwayat token</i>.
say-export-begun = Sebentar{ $kak }, filenya saya siapkan.
say-exported = Ini file websitenya, lengkap dengan gambar. 📦 Tautannya berlaku 7 hari.
say-export-failed = Maaf{ $kak }, filenya belum bisa saya siapkan. Coba lagi sebentar, ya.
say-poster-begun = Sebentar{ $kak }, posternya saya siapkan.
say-poster = Ini poster websitenya, ukuran A4 dengan kode QR. 🖨️ Tinggal cetak lalu tempel di toko; pelanggan memindainya dan langsung sampai di website.
say-picturing = Sebentar{ $kak }, saya fotokan sebelum dan sesudahnya.
say-compared = Ini bedanya di HP: sebelum dan sesudah.
say-compared-same = Tampilannya masih sama seperti sebelumnya, jadi belum ada yang bisa dibandingkan. Halamannya ada di sini:
    { $url }
say-compared-failed = Maaf{ $kak }, fotonya belum bisa saya ambil. Lihat langsung di sini, ya:
    { $url }
say-no-pictures = Di sini saya belum bisa memotret halaman. Lihat langsung di sini, ya:
    { $url }
say-site-deleted = Website <b>{ $name }</b> sudah saya hapus dan tidak bisa dibuka lagi.
say-forgotten = Semua data { $anda } sudah saya hapus. Terima kasih sudah mampir, semoga usahanya lancar! 🙏
say-link-code = Kode hubungnya <b>{ $code }</b>, berlaku { $minutes } menit dan hanya sekali. Kirim kode ini di chat yang satunya (WhatsApp, Telegram, atau halaman web), nanti obrolannya lanjut di sana. Jangan berikan kode ini ke orang lain, ya.
say-link-too-many-codes = Sudah terlalu banyak kode yang diminta. Coba lagi sepuluh menit lagi, ya.
say-linked = Sudah terhubung! ✅ Website, saldo, dan obrolannya sekarang sama di kedua tempat.
say-linked-tokens = { $moved } token dari akun yang lain ikut pindah.
say-linked-elsewhere = Chat yang satunya sudah terhubung ke sini lewat kode tadi. ✅ Kalau bukan { $anda } yang memasukkan kodenya, kabari pengelola, ya.
say-link-before = Chat ini memang sudah terhubung dengan akun itu.
say-link-wrong = Kode itu tidak berlaku (lagi). Minta kode baru dengan menulis <i>hubungkan</i> di chat yang satunya, ya.
say-link-too-many = Sudah terlalu banyak kode yang dicoba. Coba lagi sepuluh menit lagi, ya.
say-still-there = Masih mau lanjut{ $kak }? Jawaban yang tadi masih saya simpan, tinggal sedikit lagi.

word-version-first = versi pertama
word-part-name = nama
word-part-trade = jenis usaha
word-part-items = daftar & harga
word-part-contact = kontak
word-part-links = tautan
word-part-address = alamat
word-part-hours = jam buka
word-part-photos = foto
word-part-logo = logo
word-part-colour = warna
word-part-theme = tampilan
word-part-language = bahasa
word-part-meta = judul pencarian
word-part-order = urutan bagian

word-edit-link-gone = tautan { $value } dihapus
word-edit-email = email jadi { $value }
word-edit-email-gone = email dihapus
word-edit-renamed = nama diganti: { $value }
word-edit-moved = { $value } dipindah
word-edit-note = keterangan { $value }
word-edit-note-gone = keterangan { $value } dihapus
word-edit-item-photo = foto untuk { $value }
word-edit-item-photo-gone = foto { $value } dilepas
word-edit-trade = jenis usaha jadi { $value }
word-edit-theme-tone = tampilan diganti, lebih { $value }
word-edit-words = tulisan bagian { $value }
word-edit-action = tombol jadi "{ $value }"
word-edit-section = tulisan bagian { $value } diganti
word-edit-section-gone = bagian { $value } dihapus
word-edit-locked = bagian { $value } dikunci
word-edit-unlocked = bagian { $value } dibuka kuncinya
word-edit-photo-gone = foto dihapus
word-edit-photo-first = foto dipasang paling depan
word-edit-language = bahasa jadi { $value }
word-edit-title = judul di pencarian jadi "{ $value }"
word-edit-description = deskripsi di pencarian jadi "{ $value }"
