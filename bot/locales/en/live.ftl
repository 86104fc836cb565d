# Once the site is live.

say-live = 🎉 Your website is live!
    <b>{ $url }</b>

    It took { $cost } tokens, you have { $balance } left. Want a change? Just say it, for free. For example:
    • <i>open monday-saturday 8-17</i>
    • <i>add Iced Tea 5k</i>
    • <i>change the colour to green</i>
say-shown = 🎉 Your website is live!
    <b>{ $url }</b>

    I am still polishing the words; the pages change by themselves. No need to wait; just say if something should be different.
say-words-follow = Your website is live at { $url }. I am still polishing the words; write <i>cancel</i> to stop that.
say-written = ✨ The words of <b>{ $url }</b> are done. It took { $cost } tokens, you have { $balance } left.
say-unwritten = Our writer is away right now, so <b>{ $url }</b> stays live with the words it has, { $released } tokens are back, and you can try again any time.
say-writing-again = On it, I am writing the words of <b>{ $name }</b> again. ✍️
say-nothing-to-write = The words of your website are as they should be.
say-writing-cancelled = Stopped, and I took the website down again. { $released } tokens are back, and I still have your answers.
say-writing-stopped = Stopped. The website stays live as it was, and { $released } tokens are back.
say-other-site-live = Your other website is live: { $url }
say-help-live = Just say what to change; it is free and live at once:
    • <i>add Iced Tea 5k</i>, <i>price of coffee to 20k</i>, <i>bread sold out</i>
    • <i>phone number to 0813…</i>, <i>open 8-17</i>, <i>address …</i>
    • <i>change the colour to green</i>, <i>heading …</i>, <i>hide gallery</i>
    • send a photo for the gallery
    • <i>undo</i>: take the last change back
    • <i>qr poster</i> to print, <i>send me my files</i>
    • <i>new</i>, <i>my sites</i>, <i>balance</i>
say-status-live = Your website is live at { $url }.
say-site-picked = This website is live at <b>{ $url }</b>. Tell me if something should change.
say-site-suspended = The operator has switched your website <b>{ $url }</b> off for now, so nobody sees it and it cannot be changed. Nothing of it is lost. Please ask the operator first.
say-site-gone = Sorry, the operator has deleted your website <b>{ $url }</b>, so it is no longer there and cannot be changed. Please ask the operator if you have questions.
word-site-off = switched off
say-editing = On it, I am changing:
    { $list }
say-visitor = 📩 A visitor of your website has written:

    Name: <b>{ $name }</b>
    Contact: { $contact }
    Message: { $message }
say-edit-live = It's live! ✅
    { $url }
say-edit-live-elsewhere = The change is live! ✅
say-edit-not-found = That is not on the website, so nothing has changed. Try its name just as it stands there.
say-edit-refused = That change did not pass our checks, so the website stays as it was. Please try other words.
say-edit-forbidden = Sorry, that change is about { $kind ->
        [sexual] sexual services or pornography
        [gambling] gambling
        [weapons] firearms or explosives
        [drugs] drugs, or medicine that may not be sold freely
        [hate] hate against a group of people
        [scam] fraud or forged papers
        [counterfeit] counterfeit or pirated goods
       *[illicit] things the law forbids
    }, so I cannot put it on the website. It stays as it was.
say-edit-internal = Sorry, the change did not work because of a problem on our side. The website stays as it was; please try again in a moment.
say-undone = Done, version { $version } is live again.
say-nothing-to-undo = There is no change to take back.
say-renamed = The web address is now <b>{ $url }</b>.
say-change-dropped = Okay, dropped. Anything else to change?
say-nothing-open = There is nothing to cancel. Your website stays live.
say-complete = Great, thank you! 🙏 Your website stays live at { $url }. Whenever something changes, just write here.

    A poster with its QR code is ready to print at { $url }/poster.svg

ask-anything-else = Anything else to change?
ask-what-to-change = What would you like to change? For example <i>change the phone number to 0813…</i>, <i>add Iced Tea 5k</i>, or send a photo.
ask-slot-name = What is the new name?
ask-slot-phone = What is the new number? For example <i>0812 3456 7890</i>.
ask-slot-address = What is the new address?
ask-slot-hours = What are the new opening hours? For example <i>monday-saturday 8-17</i>.
ask-slot-colour = Which colour would you like?
ask-slot-heading = What should the heading say?
ask-slot-item = What should I add, and at what price? For example <i>Iced Tea 5k</i>.
ask-slot-remove = Which one should go?
ask-slot-price = Which price changes? For example <i>iced coffee to 20k</i>.
ask-slot-price-of = What does { $item } cost now?
ask-slot-subdomain = What should the new web address be? Just the name, for example <i>kopi-senja</i>.

oops-slot-1 = Hmm, I did not get that one.
oops-slot-2 = I still could not read that, sorry.
oops-edit-1 = I did not understand that change.
oops-edit-2 = Sorry, that is something I cannot do yet.
oops-no-item-1 = <b>{ $name }</b> is not on the list. There is: { $items }.
oops-no-item-2 = I cannot find <b>{ $name }</b>. The website has: { $items }.
oops-no-items-1 = <b>{ $name }</b> is not on the website; the list is still empty. Add it with <i>add { $name } 10k</i>.
oops-no-items-2 = The list is still empty, so <b>{ $name }</b> is not there yet. Shall I add it?
