//! Markup made by our own templates, and how it is packed. The only type that passes escaping unchanged.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

use super::compile::CompileError;

/// Markup whose every foreign word has been escaped already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl Markup {
    /// What a template rendered, escaping on.
    pub(super) fn of(template: &impl Template) -> Result<Self, CompileError> {
        Ok(Self(template.render()?))
    }

    /// Markup built by [`super::art`], [`super::style`] or embedded data: it holds no foreign words.
    pub(super) const fn ours(markup: String) -> Self {
        Self(markup)
    }

    /// JSON inside a script element, so that no value can end the element.
    pub(super) fn json(value: &serde_json::Value) -> Self {
        let text = value.to_string();
        Self(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
    }

    /// The markup as text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The section of this id without its name: it is a landmark no more, its heading stays.
    pub(super) fn unnamed(self, id: &str) -> Self {
        Self(self.0.replacen(&format!(" aria-labelledby=\"_{id}\""), "", 1))
    }

    /// Appends other markup.
    pub(super) fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// Packs every run of white space that holds a line break into one break.
pub(super) fn pack(markup: &str) -> String {
    let mut packed = String::with_capacity(markup.len());
    for line in markup.lines() {
        let line = line.trim();
        if !line.is_empty() {
            if !packed.is_empty() {
                packed.push('\n');
            }
            // Browsers do not take signs without a shape, such as the one that ends a C string.
            packed.extend(line.chars().filter(|sign| *sign == '\t' || !sign.is_control()));
        }
    }
    packed.push('\n');
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_element() {
        let value = serde_json::json!({ "name": "</script><script>alert(1)</script>" });
        let markup = Markup::json(&value);
        assert!(!markup.0.contains('<'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&markup.0).expect("still JSON"),
            value
        );
    }
}
