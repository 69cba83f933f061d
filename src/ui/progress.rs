//! A sign of life while something takes a moment, on stderr: a spinner where the cursor can move,
//! one line elsewhere. The only user of indicatif.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the spinner turns.
const TICK: Duration = Duration::from_millis(100);

/// Runs until it is dropped, and then leaves nothing behind.
pub struct Spinner(ProgressBar);

impl Spinner {
    /// Starts it beside a sentence, which is clean already.
    #[must_use]
    pub fn start(sentence: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        }
        bar.set_message(sentence.to_owned());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
