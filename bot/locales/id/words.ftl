# Potongan kata untuk daftar dan rangkuman.

word-shop-food = Warung
word-shop-bakery = Toko Kue
word-shop-fashion = Butik
word-shop-salon = Salon
word-shop-laundry = Laundry
word-shop-workshop = Bengkel
word-shop-clinic = Klinik
word-shop-tutoring = Rumah Belajar
word-shop-photography = Studio Foto
word-shop-events = Dekorasi
word-shop-contractor = Jasa Bangunan
word-shop-shop = Toko
word-shop-technology = Servis Komputer
word-shop-other = Usaha

word-line-trade = Usaha
word-line-name = Nama
word-line-audience = Pelanggan
word-line-features = Isi
word-line-items = Daftar
word-line-style = Gaya
word-line-contact = Kontak
word-line-photos = Foto
word-style-ours = terserah, saya pilihkan
word-and-more = dan { $count } lagi
word-open = buka { $hours }
word-always-open = 24 jam setiap hari
word-every-day = setiap hari
word-photo = Foto usaha

word-day-1 = Sen
word-day-2 = Sel
word-day-3 = Rab
word-day-4 = Kam
word-day-5 = Jum
word-day-6 = Sab
word-day-7 = Min

word-transfer-signup = bonus daftar
word-transfer-daily = bonus harian
word-transfer-generation = buat website
word-transfer-image = buat gambar
word-transfer-refinement = ubah website
word-transfer-referral = undang teman
word-transfer-purchase = beli token
word-transfer-refund = dikembalikan
word-transfer-grant = hadiah
word-transfer-other = lain-lain

word-edit-name = nama jadi { $value }
word-edit-phone = nomor WhatsApp jadi { $value }
word-edit-phone-gone = nomor WhatsApp dihapus
word-edit-address = alamat jadi { $value }
word-edit-address-gone = alamat dihapus
word-edit-hours = jam buka jadi { $value }
word-edit-hours-gone = jam buka dihapus
word-edit-item = { $value } masuk daftar
word-edit-price = harga { $value }
word-edit-item-gone = { $value } dihapus dari daftar
word-edit-sold-out = { $value } ditandai habis
word-edit-back = { $value } tersedia lagi
word-edit-colour = warna utama diganti
word-edit-theme = tampilan diganti
word-edit-heading = judul jadi "{ $value }"
word-edit-hidden = bagian { $value } disembunyikan
word-edit-shown = bagian { $value } ditampilkan
word-edit-photo = foto masuk galeri
word-edit-link = tautan { $value }

word-section-hero = pembuka
word-section-features = keunggulan
word-section-catalogue = daftar harga
word-section-gallery = galeri
word-section-about = tentang kami
word-section-steps = cara pesan
word-section-faq = tanya jawab
word-section-visit = jam buka & lokasi
word-section-cta = ajakan
word-section-contact = kontak

word-whatsapp = WA
word-landline = Telp
word-unsaid = (tidak diisi)
word-place = titik lokasi di peta
word-edit-place = titik lokasi di peta
