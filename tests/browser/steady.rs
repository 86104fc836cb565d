//! Everything that may come between a person and their site, in one conversation on a phone.

use anyhow::{Context, ensure};

use crate::rig::{self, Browser, Program, Window};
use crate::steps::{DESK, PHONE, hear, say};

const TAB_BACK: &str = "\u{e008}\u{e004}\u{e000}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
/// Steps of the focus from the field to the first of the choices above it.
const MOST_STOPS: usize = 24;
const WAITING: &str = "//ol[@data-pending]/li[contains(@class,'unsent')]";
const OWN: &str = "return [...document.querySelectorAll('[data-entries] .own .body')]\
    .map((line) => line.textContent)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_by_keys_photos_a_restart_or_another_device() -> anyhow::Result<()> {
    if !rig::is_ready()? {
        return Ok(());
    }
    let mut program = Program::start().await?;
    let (browser, other) = (Browser::open().await?, Browser::open().await?);
    let windows = (Window::of(&browser)?, Window::of(&other)?);
    let journey = journey(&windows.0, &windows.1, &mut program).await;
    browser.close().await?;
    other.close().await?;
    let ended = program.end().await;
    journey.and(ended)
}

async fn journey(window: &Window, other: &Window, program: &mut Program) -> anyhow::Result<()> {
    window.resize(PHONE.0, PHONE.1).await?;
    window.open(&format!("{}#chat", program.page())).await?;
    hear(window, "1/6").await?;
    choose_by_keys(window, "Kue & roti").await?;
    hear(window, "2/6").await?;
    say(window, "Dapur Ibu Ani").await?;
    hear(window, "3/6").await?;
    go_on_after_a_restart(window, program).await?;
    send_a_photo(window).await?;
    go_on_elsewhere(window, other, program).await?;
    for (name, window) in [("phone", window), ("other", other)] {
        let faults = window.faults().await?;
        // A server that is away is what the middle of this is about.
        let ours: Vec<_> = faults.iter().filter(|line| !line.contains("net::ERR_")).collect();
        ensure!(ours.is_empty(), "the browser of the {name} complained: {ours:#?}");
    }
    Ok(())
}

/// With Shift and Tab from the field to the choice, and Enter on it; afterwards the focus is somewhere.
async fn choose_by_keys(window: &Window, label: &str) -> anyhow::Result<()> {
    window.wait(&format!("//li//button[.='{label}']")).await?;
    let mut found = false;
    for _ in 0..MOST_STOPS {
        window.press(TAB_BACK).await?;
        let focus = window.ask("return document.activeElement.textContent").await?;
        found = focus == label;
        if found {
            break;
        }
    }
    ensure!(found, "no key leads to {label}");
    window.press(ENTER).await?;
    hear(window, "2/6").await?;
    let focus = window.ask("return document.activeElement.closest('#chat') !== null").await?;
    ensure!(focus == true, "the focus was lost with the choice");
    Ok(())
}

async fn send_a_photo(window: &Window) -> anyhow::Result<()> {
    let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/webhook/assets/page/icon-180.png");
    window.write("//input[@data-file]", photo).await?;
    window
        .wait("//ol[@data-entries]/li[contains(@class,'own')][.//img]/following-sibling::li")
        .await
        .context("the photo was never answered")?;
    let whole =
        window.ask("return document.querySelector('.own img').decode().then(() => true)").await?;
    ensure!(whole == true, "the photo is not shown");
    window.expect_no_overflow().await
}

/// Said while the server is away; heard once it is back, once each and in order.
async fn go_on_after_a_restart(window: &Window, program: &mut Program) -> anyhow::Result<()> {
    program.end().await?;
    say(window, "Ibu-ibu").await?;
    window.wait(WAITING).await?;
    say(window, "menu & harga, jam buka").await?;
    window.wait("//p[@data-banner][normalize-space()]").await?;
    window.expect_no_overflow().await?;
    window.picture("chat-away").await?;
    program.begin().await?;
    hear(window, "Misalnya").await?;
    let own = window.ask(OWN).await?;
    let said: Vec<&str> = own.as_array().into_iter().flatten().filter_map(|s| s.as_str()).collect();
    let wanted = ["Kue & roti", "Dapur Ibu Ani", "Ibu-ibu", "menu & harga, jam buka"];
    ensure!(said == wanted, "the conversation holds {said:?}");
    let left =
        window.ask("return document.querySelector('[data-pending]').childElementCount").await?;
    ensure!(left == 0, "{left} messages still wait");
    Ok(())
}

/// A code from the phone, entered in a browser that has never been here.
async fn go_on_elsewhere(window: &Window, other: &Window, program: &Program) -> anyhow::Result<()> {
    window.tap("//section[@id='chat']//button[@data-devices]").await?;
    window.tap("//button[@data-show-code]").await?;
    let code = window.wait("//p[@data-made]/b").await?.text().await?;
    window.expect_no_overflow().await?;
    window.picture("chat-code").await?;
    window.press(ESCAPE).await?;
    let open = window.ask("return document.documentElement.className").await?;
    ensure!(open.as_str().is_some_and(|class| class.contains("chat-open")), "Escape closed more");

    other.resize(DESK.0, DESK.1).await?;
    other.open(&program.page()).await?;
    other.tap("//main//button[@data-devices]").await?;
    other.write("//input[@data-code]", &code.to_lowercase()).await?;
    other.tap("//form[@data-enter]//button").await?;
    // The draft beside the conversation is the one that was begun on the phone.
    other.enter_frame("//div[@data-stage]/iframe[not(contains(@class,'fresh'))]").await?;
    other.enter_frame("//iframe").await?;
    other.wait("//*[contains(.,'Dapur Ibu Ani')]").await?;
    other.leave_frame().await?;
    other.leave_frame().await?;
    other.picture("chat-elsewhere").await
}
