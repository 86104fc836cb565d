# Messages that are changed later, and news of a website that is live.

say-edited = I read the message you changed once more. ✏️
say-edited-late = I do not change that old message any more. Just write here what is right.
say-edited-live = The website does not follow changes in old messages. Just write the change here, for example <i>change the name to Sunny Bakery</i>.

say-visitors = Pages of <b>{ $name }</b> opened:
    • today: { $today }
    • in the last 7 days: { $week }
    • in the last 30 days: { $month }
say-visitors-none = Nobody has opened <b>{ $name }</b> in the last 30 days yet. Share its address in your WhatsApp status or a group, that usually brings the first visitors. 🙂
say-visitors-letters = Messages through the form in the last 30 days: { $letters }.
say-visitors-how = Opened pages are counted, without cookies and without anything about the visitors; your own visits count, too.
