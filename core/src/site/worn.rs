//! Of a style sheet, the rules whose classes a page wears. Pages carry their sheet with them, so what
//! none of their elements could ever match is dead weight.
//!
//! It reads the packed sheets of [`super::style`] alone: no comments, no braces in strings.

use std::collections::BTreeSet;

/// The classes of a page's elements.
pub(super) struct Classes<'a>(BTreeSet<&'a str>);

impl<'a> Classes<'a> {
    /// The classes in a page's markup.
    pub(super) fn of(html: &'a str) -> Self {
        let values = html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        Self(values.flat_map(str::split_whitespace).collect())
    }

    /// The rules that may match; groups of rules that have none left go with them.
    pub(super) fn keep(&self, css: &str) -> String {
        let mut kept = String::with_capacity(css.len());
        let mut rest = css;
        while let Some((head, tail)) = rest.split_once('{') {
            let length = block(tail);
            let (body, after) = (&tail[..length], tail[length..].strip_prefix('}'));
            rest = after.unwrap_or_default();
            let (head, body) = match head.starts_with('@') {
                true => (head.to_owned(), self.keep(body)),
                false => (self.matching(head), body.to_owned()),
            };
            if !head.is_empty() && !body.is_empty() {
                kept.extend([head.as_str(), "{", body.as_str(), "}"]);
            }
        }
        kept
    }

    /// Of a list of selectors, those that may match.
    fn matching(&self, list: &str) -> String {
        let possible = |selector: &&str| needed(selector).all(|class| self.0.contains(class));
        apart(list).into_iter().filter(possible).collect::<Vec<_>>().join(",")
    }
}

/// How far it is to the brace that ends a block.
fn block(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, sign) in text.bytes().enumerate() {
        match sign {
            b'{' => open += 1,
            b'}' if open == 0 => return at,
            b'}' => open -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The selectors of a list; commas in brackets part nothing.
fn apart(list: &str) -> Vec<&str> {
    let mut open = 0_i32;
    list.split(|sign| {
        open += i32::from(sign == '(') - i32::from(sign == ')');
        sign == ',' && open == 0
    })
    .collect()
}

/// The classes without which a selector matches nothing; what stands in brackets may be a denial.
fn needed(selector: &str) -> impl Iterator<Item = &str> {
    let mut open = 0_i32;
    let outside = selector.split(move |sign| {
        open += i32::from(sign == '(') - i32::from(sign == ')');
        open > 0 || sign == ')'
    });
    outside.flat_map(|part| part.split('.').skip(1)).map(|after| {
        let end = after.find(|sign: char| !(sign.is_ascii_alphanumeric() || "-_".contains(sign)));
        &after[..end.unwrap_or(after.len())]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(css: &str) -> String {
        Classes::of("<p class=\"a b-c\"><b class=\"d\">").keep(css)
    }

    #[test]
    fn rules_of_classes_nobody_wears_go() {
        assert_eq!(
            kept(".a{x:1}.z{x:2}p{x:3}.a .z{x:4}.a.b-c>.d::before{x:5}"),
            ".a{x:1}p{x:3}.a.b-c>.d::before{x:5}"
        );
        assert_eq!(kept(".z,.a,p>.z:hover{x:1}"), ".a{x:1}");
        assert_eq!(kept(".b{x:1}.b-{x:2}.b-c{x:3}"), ".b-c{x:3}", "a class is not its beginning");
    }

    #[test]
    fn groups_go_with_their_last_rule() {
        let css = "@media (min-width:4rem){@supports selector(:has(a)){.z{x:1}.a{x:2}}}@media print{.z,.y{x:3}}";
        assert_eq!(kept(css), "@media (min-width:4rem){@supports selector(:has(a)){.a{x:2}}}");
    }

    #[test]
    fn what_a_selector_denies_or_only_looks_for_keeps_it() {
        for css in [
            ".a:not(.z){x:1}",
            "p:not(.z,.y)>.d{x:1}",
            ".a:has(li:nth-child(5)):not(:has(.z)) .d{x:1}",
            "p{margin:.5rem;width:calc(1.5rem*.4)}",
        ] {
            assert_eq!(kept(css), css);
        }
        assert_eq!(kept(".a:not(.d)>.z{x:1}"), "");
    }
}
