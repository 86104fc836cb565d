//! Addresses among the settings: where things are kept, and under which names the house is reached.

use sitespark_core::storage::{is_s3_endpoint, s3_bucket, s3_endpoint};
use url::Url;

use super::Reader;

/// Longest label of a host.
const MOST_LABEL_BYTES: usize = 63;

impl Reader<'_> {
    pub(super) fn public_url(&mut self) -> Url {
        let fallback = || Url::parse("http://localhost:8080").expect("a well-formed address");
        let Some(text) = self.get("PUBLIC_URL") else { return fallback() };
        match Url::parse(&text) {
            Ok(url) if is_origin(&url) => url,
            Ok(_) | Err(_) => {
                self.fault("PUBLIC_URL", "an http(s) address without a path, user or password");
                fallback()
            }
        }
    }

    pub(super) fn sites_domain(&mut self) -> String {
        let domain = self.or("SITES_DOMAIN", "localhost:8080").to_ascii_lowercase();
        let (host, port) = domain.split_once(':').unwrap_or((&domain, "80"));
        let is_name =
            Url::parse(&format!("http://{host}/")).is_ok_and(|url| url.domain().is_some());
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if !is_name || !is_port || !host.split('.').all(is_label) {
            self.fault("SITES_DOMAIN", "a domain such as situs.id, with a port if need be");
        }
        domain
    }

    pub(super) fn database_url(&mut self, data: &str) -> String {
        let url = self.or("DATABASE_URL", &format!("sqlite://{data}/sitespark.db"));
        let is_right = match url.strip_prefix("sqlite:") {
            Some(rest) => names_file(rest),
            None => names_server(&url),
        };
        if !is_right {
            let wanted = "sqlite:// and the path of a file, or postgres:// with a host";
            self.fault("DATABASE_URL", wanted);
        }
        url
    }

    pub(super) fn redis_url(&mut self) -> Option<String> {
        let url = self.get("REDIS_URL")?;
        if !url.starts_with("redis://") && !url.starts_with("rediss://") {
            self.fault("REDIS_URL", "a redis:// or rediss:// address");
        }
        Some(url)
    }

    pub(super) fn storage_url(&mut self, data: &str) -> String {
        let url = self.or("STORAGE_URL", &format!("file://{data}/objects"));
        if url.starts_with("s3://") {
            self.check_s3();
        }
        if !url.starts_with("file:///") && s3_bucket(&url).is_none() {
            self.fault("STORAGE_URL", "a file:///folder or s3://bucket/prefix address");
        }
        url
    }

    /// What the client of S3 would panic at. Looked at only where S3 is used.
    fn check_s3(&mut self) {
        if let Some((name, url)) = s3_endpoint(self.lookup)
            && !is_s3_endpoint(&url)
        {
            self.fault(name, "an http(s) address with a host");
        }
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let is_region = |text: String| text.split('.').all(is_label);
            if !self.get(name).is_none_or(is_region) {
                self.fault(name, "a region such as ap-southeast-3");
            }
        }
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            self.check_token(name);
        }
    }

    /// What is sent in a header must be visible characters without spaces between them.
    pub(super) fn check_token(&mut self, name: &str) {
        if !self.get(name).is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_graphic())) {
            self.fault(name, "letters, digits and signs without spaces");
        }
    }
}

fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_label(label: &str) -> bool {
    (1..=MOST_LABEL_BYTES).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Each connection would have a database in memory of its own: it must be a file.
fn names_file(rest: &str) -> bool {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split('?').next().unwrap_or_default();
    !path.is_empty() && !path.ends_with('/') && path != ":memory:"
}

/// A server is told by its host, or by the folder of its socket as a parameter.
fn names_server(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "postgres" | "postgresql")
            && (url.host_str().is_some_and(|host| !host.is_empty())
                || url.query_pairs().any(|(name, value)| name == "host" && !value.is_empty()))
    })
}

pub(super) fn host_with_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, SettingsError};

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let lookup = |name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(&lookup)
    }

    #[test]
    fn an_address_that_leads_nowhere_is_a_fault() {
        let wrong = [
            ("STORAGE_URL", "s3://"),
            ("STORAGE_URL", "s3:///prefix"),
            ("DATABASE_URL", "sqlite://"),
            ("DATABASE_URL", "sqlite:"),
            ("DATABASE_URL", "sqlite://?mode=rwc"),
            ("DATABASE_URL", "sqlite::memory:"),
            ("DATABASE_URL", "postgres://"),
            ("DATABASE_URL", "postgres:///name"),
            ("DATABASE_URL", "postgres://user:rahasia@/name"),
            ("DATABASE_URL", "postgres://user:rahasia@h:port/name"),
            ("SITES_DOMAIN", "*.situs.id"),
            ("SITES_DOMAIN", "situs_saya.id"),
            ("SITES_DOMAIN", "situs..id"),
            ("SITES_DOMAIN", ".situs.id"),
            ("SITES_DOMAIN", "situs.id:"),
            ("SITES_DOMAIN", "situs.id:0"),
            ("SITES_DOMAIN", "127.0.0.1:8080"),
            ("SITES_DOMAIN", "situs.id/x"),
            ("PUBLIC_URL", "https://user:rahasia@situs.id"),
            ("PUBLIC_URL", "https://rahasia@situs.id"),
            ("PUBLIC_URL", "https://situs.id/#x"),
        ];
        for (name, value) in wrong {
            let told = read(&[(name, value)]).expect_err(value).to_string();
            assert!(told.starts_with(&format!("1 setting is wrong: {name} must be ")), "{told}");
            assert!(!told.contains("rahasia"), "{told}");
        }
    }

    #[test]
    fn addresses_as_they_are_in_use_are_right() {
        let right = [
            ("STORAGE_URL", "s3://bucket"),
            ("STORAGE_URL", "s3://my.bucket/a/prefix/"),
            ("STORAGE_URL", "file:///var/lib/sitespark"),
            ("DATABASE_URL", "sqlite:toko.db"),
            ("DATABASE_URL", "sqlite:///var/lib/toko.db?mode=rwc"),
            ("DATABASE_URL", "postgres://u:p@h:5432/d?sslmode=require"),
            ("DATABASE_URL", "postgresql:///d?host=/var/run/postgresql"),
            ("DATABASE_URL", "postgres://%2Fvar%2Frun%2Fpostgresql/d"),
            ("SITES_DOMAIN", "localhost"),
            ("SITES_DOMAIN", "Situs-Kami.id:8443"),
            ("SITES_DOMAIN", "xn--caf-dma.id"),
            ("PUBLIC_URL", "https://situs.id:8443/"),
            ("PUBLIC_URL", "http://192.168.1.7:8080"),
        ];
        for (name, value) in right {
            assert!(read(&[(name, value)]).is_ok(), "{name}={value}");
        }
    }

    #[test]
    fn where_s3_is_wrong_is_told_with_the_rest() {
        let s3 = ("STORAGE_URL", "s3://bucket");
        for url in ["foo", "http://", "ftp://x", "http://x y", "https://?x"] {
            for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] {
                let told = read(&[s3, (name, url)]).expect_err(url).to_string();
                assert!(told.contains(&format!("{name} must be an http(s) address")), "{told}");
                assert!(read(&[(name, url)]).is_ok(), "nobody looks at what is not used");
            }
        }
        for (name, value) in [("AWS_REGION", "a b"), ("AWS_SESSION_TOKEN", "a b")] {
            assert!(read(&[s3, (name, value)]).is_err(), "{name}");
        }
    }

    #[test]
    fn empty_settings_of_s3_are_none() {
        let s3 = ("STORAGE_URL", "s3://bucket");
        let names = [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
        ];
        let empty: Vec<_> = names.into_iter().map(|name| (name, " ")).chain([s3]).collect();
        assert!(read(&empty).is_ok());
        let behind = [s3, ("AWS_ENDPOINT_URL_S3", ""), ("AWS_ENDPOINT_URL", "foo")];
        assert!(read(&behind).is_err(), "an empty one hides no other");
    }
}
