//! What a person does in the chat, and what they wait for.

use anyhow::Context;

use crate::rig::Window;

/// A cheap phone.
pub(crate) const PHONE: (u32, u32) = (360, 740);
/// A small computer.
pub(crate) const DESK: (u32, u32) = (1280, 900);
const SAY: &str = "//textarea[@data-say]";
const SEND: &str = "//form[@data-composer]//button[@type='submit']";
const OFFERED: &str = "//ol[@data-entries]/li//button[contains(@class,'chip')]";

/// Types and sends, as a thumb does.
pub(crate) async fn say(window: &Window, text: &str) -> anyhow::Result<()> {
    window.write(SAY, text).await?;
    window.tap(SEND).await
}

/// Taps a choice that the bot offers.
pub(crate) async fn choose(window: &Window, label: &str) -> anyhow::Result<()> {
    window.tap(&format!("{OFFERED}[.='{label}']")).await
}

/// Waits until the bot has said this.
pub(crate) async fn hear(window: &Window, words: &str) -> anyhow::Result<()> {
    let path =
        format!("//ol[@data-entries]/li[not(contains(@class,'own'))][contains(.,'{words}')]");
    window.wait(&path).await.map(|_| ()).with_context(|| format!("the bot never said {words:?}"))
}
