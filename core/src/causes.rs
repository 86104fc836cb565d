//! Errors for logs and for people who run the house.

/// An error with its causes on one line. What is said already is not said again: many errors tell what
/// their cause says.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::StorageError;

    #[test]
    fn each_cause_is_told_once() {
        let io = || std::io::Error::other("disk full");
        assert_eq!(
            with_causes(&sqlx::Error::Io(io())),
            "error communicating with database: disk full"
        );
        let store = object_store::Error::Generic { store: "s3", source: Box::new(io()) };
        let told = with_causes(&StorageError::Failed(store));
        assert_eq!(told.matches("disk full").count(), 1, "{told}");
        assert!(told.starts_with("storage failed: "), "{told}");
    }
}
