# The questions of the bot.

ask-trade = <b>1/6</b> What kind of business is it? Pick one or write it, for example <i>home-made cookies</i>.
ask-trade-again = So what does your business do? Pick below or just write it, for example <i>coffee shop</i> or <i>motorbike repair</i>.
ask-name = <b>2/6</b> What is the business called? Write it just as it is on the sign.
ask-name-again = What name should be on the website? For example <i>Kopi Senja</i> or <i>Sunny Laundry</i>.
ask-audience = <b>3/6</b> Who are most of your customers? Pick one or write it.
ask-audience-again = Who usually comes or buys? For example <i>students</i>. If it is for everyone, pick "Everyone".
ask-features = <b>4/6</b> What should be on the website? Pick as many as you like, one by one, or write them all.
ask-features-more = Got it, ticked. Anything else, or <b>Go on</b>?
ask-features-again = Which parts would you like to show? For example <i>menu, photos and opening hours</i>. Not sure? Pick "You choose".
ask-items-food = What is on the menu, and at what price? For example <i>Iced coffee 18k, toast 12k</i>. A few are enough for now, or skip it.
ask-items-goods = What do you sell, and at what price? For example <i>Canvas bag 85k, purse 40k</i>. A few are enough for now, or skip it.
ask-items-service = Which services do you offer, and at what price? For example <i>Basic package 50k, full package 120k</i>. A few are enough for now, or skip it.
ask-items-again = You can write it like this: <i>name 15k, name 20k</i>. Not ready? Skip it; you can add them any time.
ask-style = <b>5/6</b> How should { $name } look? Pick one, or write a style and a colour, for example <i>elegant green</i>.
ask-style-again = What feeling do you have in mind? A style, a colour or both, for example <i>modern blue</i>. Or leave it to me.
ask-colour = And the main colour?
ask-colour-again = Which colour fits? Pick or write one, for example <i>dark green</i>. Or leave it to me.
ask-contact = <b>6/6</b> Last one: how do customers reach you? Write a WhatsApp number, and an address, opening hours or Instagram if you have them. One message is fine.
ask-contact-again = What is the WhatsApp number? Address and hours are welcome too, for example <i>0812 3456 7890, Jl. Melati 5 Bandung, open 8-17</i>.
ask-phone = Which WhatsApp number should customers use? With it they can order straight from the website.
ask-phone-again = May I have the WhatsApp number? For example <i>0812 3456 7890</i>. Or skip it for now.

ask-confirm = All good? If yes, I will make the website right away.
ask-confirm-again = Shall I make the website now? Answer <i>yes</i>, or say what to change, for example <i>change the name</i>.
ask-which-change = Which one would you like to change?
ask-address = What should the web address be? Just the name, for example <i>kopi-senja</i> for { $example }.
ask-take-name = How about <b>{ $url }</b>?
ask-write-again = Shall I try the words again? Tokens are only spent if it works.
ask-cancel = Really cancel? Your answers so far will be deleted.
ask-restart = Start over? Your answers so far will be deleted.
ask-new-or-change = Do you mean a <b>new</b> website, or a change to the one you have?
ask-language = Mau pakai bahasa apa? / Which language?
ask-begin = Ready for a website? Just say <i>new</i>.
