//! What a change still lacks, asked for.

use crate::conversation::state::Slot;
use crate::conversation::turn::Turn;
use crate::conversation::understand::command::Command;
use crate::conversation::understand::tap::Tap;
use crate::message::Choice;

pub(super) fn ask_slot(slot: &Slot, turn: &mut Turn<'_>) {
    let choices = slot_choices(slot, turn);
    let key = match slot {
        Slot::Name => "ask-slot-name",
        Slot::Phone => "ask-slot-phone",
        Slot::Address => "ask-slot-address",
        Slot::Hours => "ask-slot-hours",
        Slot::Colour => "ask-slot-colour",
        Slot::Heading => "ask-slot-heading",
        Slot::NewItem => "ask-slot-item",
        Slot::RemoveItem => "ask-slot-remove",
        Slot::Price { item: None } => "ask-slot-price",
        Slot::Price { item: Some(item) } => {
            return turn.ask("ask-slot-price-of", &[("item", item.as_str().into())], choices);
        }
        Slot::Subdomain => "ask-slot-subdomain",
        Slot::RemovePhoto => "ask-slot-photo",
        Slot::Words { .. } => "ask-slot-words",
    };
    turn.ask(key, &[], choices);
}

pub(super) fn slot_choices(slot: &Slot, turn: &Turn<'_>) -> Vec<Choice> {
    use crate::conversation::understand::tap::Swatch;
    let mut choices: Vec<Choice> = match slot {
        Slot::Colour => Swatch::ALL
            .into_iter()
            .map(|swatch| turn.choice(Tap::Colour(swatch), swatch.label()))
            .collect(),
        Slot::Name | Slot::Phone | Slot::Address | Slot::Hours | Slot::Heading => Vec::new(),
        Slot::NewItem | Slot::RemoveItem | Slot::Price { .. } | Slot::Subdomain => Vec::new(),
        Slot::RemovePhoto | Slot::Words { .. } => Vec::new(),
    };
    choices.push(turn.button(Command::Cancel, "label-cancel"));
    choices
}
