//! In which order a page tells its story: what visitors of a trade want first, and not the same for
//! every shop of it.

use crate::brief::Trade;
use crate::site::choice::pick;
use crate::site::document::SectionKind;

use SectionKind::{
    About, Catalogue, Contact, Cta, Faq, Features, Gallery, Hero, Prices, Steps, Team,
    Testimonials, Visit,
};

/// Every family once, from top to bottom.
type Order = [SectionKind; SectionKind::ALL.len()];

/// What there is and what it costs, before anything else.
const SELL: Order = [
    Hero,
    Catalogue,
    Prices,
    Features,
    About,
    Gallery,
    Testimonials,
    Steps,
    Team,
    Faq,
    Visit,
    Cta,
    Contact,
];
/// Who is speaking, before what is sold.
const TELL: Order = [
    Hero,
    About,
    Catalogue,
    Prices,
    Gallery,
    Team,
    Features,
    Testimonials,
    Steps,
    Visit,
    Faq,
    Cta,
    Contact,
];
/// Pictures first.
const SHOW: Order = [
    Hero,
    Gallery,
    Catalogue,
    Prices,
    About,
    Testimonials,
    Features,
    Team,
    Steps,
    Faq,
    Visit,
    Cta,
    Contact,
];
/// Why to trust, then how it goes, then what it costs.
const TRUST: Order = [
    Hero,
    Features,
    Steps,
    Catalogue,
    Prices,
    Testimonials,
    Visit,
    About,
    Team,
    Gallery,
    Faq,
    Cta,
    Contact,
];
/// Where and when, right after what there is.
const MEET: Order = [
    Hero,
    Catalogue,
    Prices,
    Visit,
    Gallery,
    Features,
    About,
    Team,
    Testimonials,
    Steps,
    Faq,
    Cta,
    Contact,
];

/// Orders that suit a trade, the most usual first.
const fn orders(trade: Trade) -> [&'static Order; 3] {
    match trade {
        Trade::Food => [&SELL, &MEET, &TELL],
        Trade::Bakery => [&SELL, &SHOW, &TELL],
        Trade::Fashion | Trade::Shop => [&SELL, &SHOW, &MEET],
        Trade::Salon => [&SELL, &TRUST, &SHOW],
        Trade::Laundry => [&SELL, &TRUST, &MEET],
        Trade::Workshop => [&TRUST, &SELL, &MEET],
        Trade::Clinic => [&TRUST, &MEET, &TELL],
        Trade::Tutoring | Trade::Technology => [&TRUST, &TELL, &SELL],
        Trade::Photography => [&SHOW, &TELL, &SELL],
        Trade::Events => [&SHOW, &TELL, &TRUST],
        Trade::Contractor => [&TRUST, &SHOW, &TELL],
        Trade::Other => [&SELL, &TELL, &TRUST],
    }
}

/// The order of a shop: by its trade and its name.
pub(super) fn of(trade: Trade, name: &str) -> &'static Order {
    let orders = orders(trade);
    orders[pick(0, &name.to_lowercase(), orders.len())]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_order_holds_every_family_once_between_the_same_edges() {
        for order in Trade::ALL.into_iter().flat_map(orders) {
            let kinds: BTreeSet<_> = order.iter().collect();
            assert_eq!(kinds.len(), order.len());
            assert_eq!((order[0], order[order.len() - 1]), (Hero, Contact));
        }
    }

    #[test]
    fn neighbours_of_one_trade_do_not_all_tell_it_alike() {
        let names =
            ["Kue Ani", "Roti Budi", "Manis Citra", "Dapur Dewi", "Bolu Eka", "Donat Fitri"];
        let orders: BTreeSet<_> = names.iter().map(|name| of(Trade::Bakery, name)).collect();
        assert!(orders.len() >= 2);
    }
}
