# Changing a live website, and what belongs to the person.

label-undo = Undo
label-other-look = Another look
label-none-of-these = None of these
label-version = Back to { $number }
label-download = Download
label-delete-site-sure = Yes, delete it
label-forget-sure = Yes, delete all
label-keep-it = No, keep it
label-rewrite-sure = Yes, rewrite it
label-own-writer = The free version

ask-pick = Which one do you mean?
ask-delete-site = Delete the website <b>{ $name }</b>? Visitors will no longer be able to open it, and this cannot be taken back. Its address stays reserved, so that nobody else can use it. To keep a copy, say <i>send me my files</i> first.
ask-forget = This erases <b>all your data</b> here: every website goes offline, and your chat, photos, number and visitors' messages are deleted for good. Tokens that are left are lost; their records stay, without your name. Technical traces of messages are gone within 8 days. If you come back, there is no welcome bonus again. Are you sure?
ask-rewrite = The AI writer can write the website's texts again: it costs <b>{ $price } tokens</b>, you have { $balance }. You only pay when the result is live. Or take another version by the built-in writer, for free.
ask-slot-photo = Which photo should go? For example <i>the second</i> or <i>the last</i>.
ask-slot-words = What should it say?

say-partly = I did not get this part: <i>{ $missed }</i>. I am doing the rest.
say-restoring = On it, I am putting it back as it was.
say-rewriting = On it, the texts get another voice.
say-translating = On it, I am writing the website in that language.
say-rewrite-begun = On it, I am rewriting. It usually takes less than a minute.
say-rewritten = The new texts are done. It took { $cost } tokens, you have { $balance } left.
say-edit-closed = The operator has taken this website offline for now, so it cannot be changed. Please ask them first.
say-edit-locked = That section is locked, so I left it as it is. Say <i>unlock section …</i> first if you want to change it.
say-edit-nothing = It is like that already, so nothing has changed.
say-nothing-to-redo = There is nothing to redo.
say-nothing-deleted = Okay, nothing was deleted.
say-versions = The website's history:
    { $lines }

    Pick one to go back to it. For token movements, write <i>transactions</i>.
say-export-begun = One moment, I am putting your files together.
say-exported = Here are your website's files, pictures included. 📦 The link works for 7 days.
say-export-failed = Sorry, I could not put the files together. Please try again in a moment.
say-poster-begun = One moment, I am drawing your poster.
say-poster = Here is your poster, A4 with a QR code. 🖨️ Print it and put it up in your shop: customers scan it and land on your website.
say-picturing = One moment, I am taking pictures of before and after.
say-compared = This is the difference on a phone: before and after.
say-compared-same = The page looks as it did before, so there is nothing to compare yet. It is here:
    { $url }
say-compared-failed = Sorry, I could not take the picture. Please have a look yourself:
    { $url }
say-no-pictures = I cannot take pictures of pages here. Please have a look yourself:
    { $url }
say-site-deleted = The website <b>{ $name }</b> is deleted and can no longer be opened.
say-forgotten = All your data is deleted. Thank you for stopping by, and all the best for your business! 🙏
say-link-code = Your code is <b>{ $code }</b>. It works once, for { $minutes } minutes. Send it in your other chat (WhatsApp, Telegram or the web page), and we go on there. Do not give it to anybody else.
say-link-too-many-codes = Too many codes were asked for. Please try again in ten minutes.
say-linked = Connected! ✅ Websites, balance and this conversation are the same in both places now.
say-linked-tokens = { $moved } tokens of the other account came along.
say-linked-elsewhere = Your other chat is connected to this one now, with that code. ✅ If it was not you who entered it, please tell the operator.
say-link-before = This chat is connected to that account already.
say-link-wrong = That code does not work (any more). Write <i>connect</i> in the other chat to get a new one.
say-link-too-many = Too many codes were tried. Please try again in ten minutes.
say-still-there = Would you like to go on? I still have your answers, there is not much left.

word-version-first = first version
word-part-name = name
word-part-trade = kind of business
word-part-items = list & prices
word-part-contact = contact
word-part-links = links
word-part-address = address
word-part-hours = opening hours
word-part-photos = photos
word-part-logo = logo
word-part-colour = colour
word-part-theme = look
word-part-language = language
word-part-meta = search title
word-part-order = order of sections

word-edit-link-gone = { $value } link removed
word-edit-email = e-mail is { $value }
word-edit-email-gone = e-mail removed
word-edit-renamed = renamed: { $value }
word-edit-moved = { $value } moved
word-edit-note = note on { $value }
word-edit-note-gone = note on { $value } removed
word-edit-item-photo = photo for { $value }
word-edit-item-photo-gone = photo of { $value } taken off
word-edit-trade = kind of business: { $value }
word-edit-theme-tone = another look, more { $value }
word-edit-words = words of { $value }
word-edit-action = button says "{ $value }"
word-edit-section = new words for { $value }
word-edit-section-gone = section { $value } removed
word-edit-locked = section { $value } locked
word-edit-unlocked = section { $value } unlocked
word-edit-photo-gone = photo removed
word-edit-photo-first = photo put first
word-edit-language = language is { $value }
word-edit-title = search title: "{ $value }"
word-edit-description = search description: "{ $value }"
