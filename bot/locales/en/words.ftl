# Bits of text for lists and the summary.

word-shop-food = Warung
word-shop-bakery = Bakery
word-shop-fashion = Boutique
word-shop-salon = Salon
word-shop-laundry = Laundry
word-shop-workshop = Garage
word-shop-clinic = Clinic
word-shop-tutoring = Learning House
word-shop-photography = Photo Studio
word-shop-events = Events by
word-shop-contractor = Building by
word-shop-shop = Shop
word-shop-technology = Computer Care
word-shop-other = Studio

word-line-trade = Business
word-line-name = Name
word-line-audience = Customers
word-line-features = Parts
word-line-items = List
word-line-style = Style
word-line-contact = Contact
word-line-photos = Photos
word-style-ours = my choice
word-and-more = and { $count } more
word-open = open { $hours }
word-always-open = 24 hours every day
word-every-day = every day
word-photo = Photo of the business

word-day-1 = Mon
word-day-2 = Tue
word-day-3 = Wed
word-day-4 = Thu
word-day-5 = Fri
word-day-6 = Sat
word-day-7 = Sun

word-transfer-signup = sign-up bonus
word-transfer-daily = daily bonus
word-transfer-generation = website
word-transfer-image = picture
word-transfer-refinement = website change
word-transfer-referral = invitation
word-transfer-purchase = tokens bought
word-transfer-refund = returned
word-transfer-grant = gift
word-transfer-other = other

word-edit-name = name to { $value }
word-edit-phone = WhatsApp number to { $value }
word-edit-phone-gone = WhatsApp number removed
word-edit-address = address to { $value }
word-edit-address-gone = address removed
word-edit-hours = opening hours to { $value }
word-edit-hours-gone = opening hours removed
word-edit-item = { $value } on the list
word-edit-price = price { $value }
word-edit-item-gone = { $value } off the list
word-edit-sold-out = { $value } sold out
word-edit-back = { $value } available again
word-edit-colour = the main colour
word-edit-theme = the looks
word-edit-heading = heading to "{ $value }"
word-edit-hidden = { $value } hidden
word-edit-shown = { $value } shown
word-edit-photo = photo into the gallery
word-edit-link = link { $value }

word-section-hero = opening
word-section-features = reasons
word-section-catalogue = price list
word-section-gallery = gallery
word-section-about = about us
word-section-steps = how to order
word-section-faq = questions & answers
word-section-visit = hours & location
word-section-cta = invitation
word-section-contact = contact

word-whatsapp = WA
word-landline = Tel.
word-unsaid = (not given)
word-place = place on the map
word-edit-place = the place on the map
