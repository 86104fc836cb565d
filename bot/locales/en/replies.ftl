# What the bot answers before the site is live.

say-hello = Hi { $name }! 👋 I make websites for small businesses: answer six short questions and yours is live. It costs { $price } tokens, which your sign-up bonus of { $balance } covers.
say-hello-nameless = Hi there! 👋 I make websites for small businesses: answer six short questions and yours is live. It costs { $price } tokens, which your sign-up bonus of { $balance } covers.
say-hello-short = Hi { $name }! 👋 I make websites for small businesses: answer six short questions and yours is live. It costs { $price } tokens; you have { $balance } now and can get more for free with <i>claim</i>.
say-hello-nameless-short = Hi there! 👋 I make websites for small businesses: answer six short questions and yours is live. It costs { $price } tokens; you have { $balance } now and can get more for free with <i>claim</i>.
say-hello-back = Hi again, { $name }! 👋 Good to see you.
say-hello-back-nameless = Hi again! 👋 Good to see you.
say-hello-again = Hi! Let's go on where we were.
say-new-begun = Right, a new website. Just six short questions.

say-name-noted = <b>{ $name }</b>, what a good name!
say-noted-one = Got it: { $what }.
say-noted = Great, I have noted:
    { $list }
say-removed = Okay, { $what } is gone.
say-added = Great, added.
say-back = Okay, one step back.
say-first-question = This is the first question already.
say-kept = Okay, nothing was deleted. Let's go on.
say-cancelled = All right, cancelled. Whenever you want to start again, I am here.
say-lost = Sorry, I couldn't work on that last message; the fault is on our side. Everything saved so far is safe. Could you write it once more? If it happens again, tell whoever runs this the number { $reference }.
say-language-set = Okay, English it is.
say-welcome-thanks = You're welcome! 😊

say-summary = Here is the summary:

    { $lines }

    Web address: <b>{ $url }</b>
say-gap-phone = There is no WhatsApp number yet. Write it now if you like, so that customers can order right away.
say-gap-visit = You can also add an address or opening hours now, or any time later.
say-summary-price = It costs <b>{ $price } tokens</b>. You have { $balance }, which leaves { $after }.
say-summary-price-short = It costs <b>{ $price } tokens</b> and you have { $balance }. Get more first with <i>claim</i> or <i>invite</i>.
say-address-noted = Okay, the address will be <b>{ $url }</b>.
say-insufficient = You are { $lack } tokens short: you have { $available } and need { $price }. More is free: <b>claim</b> { $daily } every day, or <b>invite</b> a friend for { $bonus }. I keep your answers.
say-used-up = That was { $count } websites today, which is the limit. I keep your answers; just say <i>yes</i> tomorrow.
say-name-taken = The address <b>{ $asked }</b> belongs to somebody else.
say-name-refused = The address <b>{ $asked }</b> cannot be used.

say-begun = Here we go! ✨ I am making the website of <b>{ $name }</b>. You can watch it grow.
stage-intent = Reading the story of <b>{ $name }</b>…
stage-design = Choosing looks and colours for <b>{ $name }</b>… 🎨
stage-content = Writing the website of <b>{ $name }</b>… ✍️
stage-images = Preparing pictures for <b>{ $name }</b>…
stage-assembly = Putting <b>{ $name }</b> together, almost there…
stage-publish = Going live in a moment… 🚀
say-wait-1 = Just a moment, I am working on your website.
say-wait-2 = Still on it. I will tell you here the moment it is live.
say-still-working = I am working on your website; it usually takes less than a minute.
say-not-while-working = Let's finish this one first.
say-after-live = Please send it again once the website is live, and I will put it up right away.
say-photo-later = I have kept your photo. As soon as the website is live, I will put it up.
say-run-cancelled = Stopped. { $released } tokens are back, and I still have your answers.
say-run-not-cancelled = Too late to stop, it is just going live. You can still change it or take it back.
say-failed-refused = Sorry, I cannot put the website live yet: { $why }. { $released } tokens are back. Change an answer a little and we try again.
why-poses = it looks like the official site of a bank, a wallet, a marketplace or an office
why-secrets = it asks for a PIN, a password, a one-time code or a card number
why-link = one of the links has an address that imitates a bank, a wallet or a marketplace. Use the real one
why-unnamed = something in it did not pass our checks
say-failed-internal = Sorry, something went wrong on our side and the website is not ready. { $released } tokens are back. Your answers are safe, just try again.
say-failed-forbidden = Sorry, a website for { $kind ->
        [sexual] sexual services or pornography
        [gambling] gambling
        [weapons] firearms or explosives
        [drugs] drugs, or medicine that may not be sold freely
        [hate] hate against a group of people
        [scam] fraud or forged papers
        [counterfeit] counterfeit or pirated goods
       *[illicit] things the law forbids
    } cannot go live here. { $released } tokens are back. If I misunderstood, change an answer and we try again.
say-forbidden = Sorry, I cannot make a website for { $kind ->
        [sexual] sexual services or pornography
        [gambling] gambling
        [weapons] firearms or explosives
        [drugs] drugs, or medicine that may not be sold freely
        [hate] hate against a group of people
        [scam] fraud or forged papers
        [counterfeit] counterfeit or pirated goods
       *[illicit] things the law forbids
    }. No tokens were used. If I misunderstood, change an answer and we try again.

say-help-questions = I make a website from six answers. Tap the buttons or write freely; many answers at once are fine too.
    • <i>back</i>: the question before
    • <i>change the name</i>: change an answer
    • <i>cancel</i>: stop
    • <i>balance</i>, <i>claim</i>, <i>invite</i>: about tokens
    • <i>bahasa indonesia</i>: switch language
say-help-confirm = All answers are there. Say <i>yes</i> to make the website, or say what to change: <i>change the colour</i>, <i>web address kopi-senja</i>. <i>cancel</i> stops.
say-help-generating = The website is being made. Wait a moment, or write <i>cancel</i> to stop it.
say-status-questions = So far: { $open } more questions and the website can be made.
say-status-confirm = All answers are there; it only needs your <i>yes</i>.
say-status-nothing = There is no website yet.

say-balance = You have <b>{ $balance } tokens</b>. A website costs { $price }; changes are free.
say-history = Your last token movements:
    { $lines }
    Balance now <b>{ $balance }</b>.
say-history-empty = No token movements yet.
say-claimed = Daily bonus: +{ $amount } tokens. You have <b>{ $balance }</b> now. 🎉
say-claim-today = You already have today's bonus. The next one is ready today at { $time }.
say-claim-tomorrow = You already have today's bonus. The next one is ready tomorrow at { $time }.
say-invite-link = Invite friends with this link: { $url }
    As soon as a friend starts, both of you get { $bonus } tokens.
say-invite-code = Your invitation code: <b>{ $code }</b>
    As soon as a friend starts with it, both of you get { $bonus } tokens.
say-referral-accepted = The invitation counts: { $amount } tokens for you and for your friend. 🎉
say-sites = Your websites:
    { $sites }
say-sites-none = You have no live website yet.

say-answer-price = A website costs { $price } tokens, and you have { $balance }. The bonus tokens are free, and so are changes afterwards.
say-answer-pay = You pay with tokens right here, no transfer needed. If you run short, more is free: { $daily } tokens a day by claiming, { $bonus } for inviting a friend.
say-answer-what = I am SiteSpark, a bot that makes websites for small businesses. You tell me about yours here; I build it and put it online.
say-answer-time = Quick: about two minutes for your answers, then less than a minute for the website.
say-answer-domain = The address looks like { $example }. Your own domain such as .com is not possible yet, but you can choose the name in front.
say-answer-other = That one I cannot answer yet. Making and changing your website, though, just leave to me.

say-photo-received = Thanks for the photo! Let me store it 📸
say-qris-noted = Your QRIS picture is stored. It will be shown whole in the contact part, not in the gallery.
say-logo-noted = Your logo is stored. It will be at the top of the website and on its icon, not in the gallery.
say-logo-how = Sure. Send me the picture of your logo with the caption <i>logo</i>, and I will put it at the top of the website.
say-logo-gone = All right, the logo will not be used.
say-logo-none = There is no logo yet. To use one, send me its picture with the caption <i>logo</i>.
say-menu-reading = Let me read the list in your photo, one moment 🔎
say-menu-read = This is what I read in your photo:
    { $lines }
say-menu-more = { $lines }
ask-menu = The list from your photo has { $count } lines. Is it right? If something is wrong, just write it, for example <i>number 2 is 20k</i> or <i>remove number 2</i>.
say-menu-added = Got it, { $count } from your photo are on the list.
say-menu-known = Everything in that photo is on the website already.
say-menu-refused = All right, I will not use that list. Just write it, for example <i>Iced coffee 18k, toast 12k</i>, or send a clearer photo.
say-menu-nothing = I could not make out a price list in that photo. Please write it, for example <i>Iced coffee 18k, toast 12k</i>.
say-menu-unread = Sorry, I cannot read that photo right now. Please write the list, for example <i>Iced coffee 18k, toast 12k</i>.
say-menu-type = I cannot read lists from photos yet. Please write it, for example <i>Iced coffee 18k, toast 12k</i>.
oops-certificate-halal = That halal number does not look right, so I do not show it yet. BPJPH numbers are ID and 17 digits, for example <i>halal ID00410000123450721</i>. Send it again when you have it.
oops-certificate-bpom = That BPOM number does not look right, so I do not show it yet. Food has MD or ML and 12 digits (newer ones 15), cosmetics NA and 11 digits. Please check the package.
oops-certificate-pirt = That P-IRT number does not look right, so I do not show it yet. It has 15 digits, for example <i>P-IRT 2013471010123-25</i>. Send it again when you have it.
oops-certificate-nib = That NIB does not look right, so I do not show it yet. A NIB of OSS has 13 digits. Send it again when you have it.
say-photo-stored = Photo stored, that makes { $count }. It will be on the website.
say-photo-too-large = The photo is too large. Please send it as a normal photo, not as a file.
say-photo-unreadable = I cannot open that photo. Please send it again as JPG or PNG.
say-photo-gone = The photo did not arrive. Could you send it once more?
say-photos-full = That is plenty of photos for now.
say-heard = 🎙️ <i>“{ $words }”</i>
say-aloud-step = Question { $step } of { $steps }.
say-aloud-choices = You can choose: { $choices }.

say-document = Thanks, but I cannot read files yet. Please send it as a photo, or type the part that matters.
say-sticker = 😄
say-unsupported = I cannot read that one yet. Could you write it?
say-location-noted = Location saved; it becomes a map link. 📍
say-card-noted = I have saved the number from the contact card.
say-old-button = That button is no longer in use, so let's go on from here.

oops-unclear-1 = Hmm, I did not get that.
oops-unclear-2 = Sorry, that is not clear to me yet.
oops-trade-1 = Hmm, I do not know that kind of business yet.
oops-trade-2 = Tell me a little: what do you sell or do?
oops-name-1 = That does not look like a name yet.
oops-name-2 = A name needs two letters or more.
oops-name-long-1 = That is a long name! 60 letters at most, please.
oops-name-long-2 = Still too long. Try the short form your customers use.
oops-name-needed-1 = The website needs a name for its title. One for now is fine, you can change it later.
oops-name-needed-2 = Without a name there is no website. Just tell me what people call it.
oops-name-idea-1 = No name yet? No problem. How about <b>{ $name }</b> for now?
oops-name-idea-2 = We can use <b>{ $name }</b> for the time being; it is easy to change.
oops-audience-1 = Hmm, I did not get who your customers are.
oops-audience-2 = A word or two is enough, for example <i>families</i>.
oops-features-1 = There is no such part to choose yet.
oops-features-2 = I could not find that one. Picking from the list is easiest.
oops-items-1 = I did not find a product or service in there.
oops-items-2 = Still could not read it, sorry.
oops-style-1 = I do not know that style yet.
oops-style-2 = That one is new to me too. Just one colour is enough.
oops-colour-1 = I do not know that colour.
oops-colour-2 = I could not find that colour. Try a common one, such as <i>blue</i>.
oops-contact-1 = I did not find a number or address in there.
oops-contact-2 = I still could not read a contact from that, sorry.
oops-phone-missing-1 = I do not see a number yet.
oops-phone-missing-2 = There is no number in that message.
oops-phone-short-1 = That number seems too short. A full one looks like <i>0812 3456 7890</i>.
oops-phone-short-2 = A few digits are still missing. It is usually 10 to 13 digits, starting with 08.
oops-phone-long-1 = That number has too many digits. It should look like <i>0812 3456 7890</i>.
oops-phone-long-2 = Still too long. Please check it, it is usually 10 to 13 digits.
oops-phone-unknown-1 = That number does not seem to exist. Please check it, for example <i>0812 3456 7890</i>.
oops-phone-unknown-2 = Still no match. Please write it in full, with 08 or the country code.
oops-confirm-1 = I did not get that one.
oops-confirm-2 = Sorry, that is not clear yet.
oops-address-1 = That cannot be a web address. Use 3 to 40 letters or digits.
oops-address-2 = Still not possible. Letters, digits and hyphens only, for example <i>kopi-senja</i>.

say-voice-1 = Sorry, I cannot listen to voice notes yet. Could you type it?
say-voice-2 = I still cannot hear it, sorry 🙏 A few typed words are enough.

say-answer-can = Yes, I can! Just tell me about it here, and it will be ready in no time.
say-answer-change = Yes, any time and for free: just say here what should change.
say-answer-delete = I cannot delete a website from this chat. To have it taken down, please contact whoever runs this service.
say-answer-example = The best example is your own: answer the questions first, then watch it being made. Not quite right? We change it.
say-answer-google = Yes. The website is prepared so that Google can read it easily; it usually shows up after some days or weeks.
say-answer-monthly = There is no monthly fee. You pay tokens once, when the website is made.
say-answer-parts = Menu & prices for what is sold, a gallery for photos, hours & location so people find the way, a booking form for appointments, about us for the story, questions & answers for what everybody asks. Most pick menu & prices, order by WhatsApp, hours & location.
say-answer-person = It is only me here, and I am a bot. Just tell me what you need, step by step is fine.
say-answer-phone = Your phone is enough: no computer, nothing to install.
say-answer-photo = You can use your own photos: send them here at any time and I will put them up. A logo as well: give it the caption <i>logo</i>.
say-answer-robot = Yes, I am a bot 😊 The website is real, though, and I help until it is live.
say-answer-safe = It is safe. The website shows only what you write yourself, and I never ask for passwords, PINs or codes.
say-answer-selling = Customers order by WhatsApp: they choose on the website, and the order comes to your number. Payment and delivery you settle there.
say-answer-token = Tokens are your balance here: a website costs { $price }, and you can claim { $daily } for free every day.
say-answer-visitors = Once your website is live, just ask <i>how many visitors</i> and I will tell you. Messages from the form on your website come straight to this chat.

say-laugh-1 = 😄
say-laugh-2 = Haha 😄 Let's go on.
say-calm-1 = Sorry if something annoyed you 🙏 I will help until it is done.
say-calm-2 = I understand. Let's keep it as short as possible.
say-take-your-time = Take your time, I will be here. Go on whenever you are ready.
say-hurry-1 = Right, let's speed up! Skip whatever is not ready.
say-hurry-2 = Nearly there. Short answers are fine.
say-stray-1 = I am afraid I cannot do that 😅 I am good at one thing: making websites.
say-stray-2 = That is beyond me. Let's get back to your website.
say-hello-heard = Hi { $name }! 👋 Great, I will help you with that website. It costs { $price } tokens, which your sign-up bonus of { $balance } covers.
say-hello-nameless-heard = Hi there! 👋 Great, I will help you with that website. It costs { $price } tokens, which your sign-up bonus of { $balance } covers.
say-corrected = Okay, changed to <b>{ $what }</b>.
