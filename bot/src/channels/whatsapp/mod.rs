//! WhatsApp over the Cloud API.
