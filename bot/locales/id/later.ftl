# Pesan yang diubah belakangan, dan kabar dari website yang sudah tayang.

say-edited = Pesan yang diubah sudah saya baca ulang. ✏️
say-edited-late = Pesan lama itu tidak saya ubah lagi{ $kak }. Tulis saja yang benar di sini, ya.
say-edited-live = Isi website tidak ikut berubah dari pesan lama{ $kak }. Tulis saja perubahannya di sini, misalnya <i>ganti nama jadi Kopi Pagi</i>.

say-visitors = Website <b>{ $name }</b> dibuka:
    • hari ini: { $today } kali
    • 7 hari terakhir: { $week } kali
    • 30 hari terakhir: { $month } kali
say-visitors-none = Website <b>{ $name }</b> belum ada yang membuka dalam 30 hari terakhir{ $kak }. Coba bagikan alamatnya di status WhatsApp atau grup, biasanya langsung ada yang mampir. 🙂
say-visitors-letters = Pesan lewat formulir dalam 30 hari terakhir: { $letters }.
say-visitors-how = Yang dihitung halaman yang dibuka, tanpa cookie dan tanpa data pengunjung; kunjungan { $anda } sendiri ikut terhitung.
