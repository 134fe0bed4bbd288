//! How wide the output may be.

use std::io::IsTerminal;

/// Narrower than this nothing can be shown sensibly, whatever is said.
const NARROWEST: usize = 40;

/// The columns that there are for what people read: `COLUMNS` if that is set, else those of the terminal. Without either, in a pipe or a file, there is no
/// limit.
pub(super) fn of_output() -> Option<usize> {
    let said =
        std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
    let terminal = || {
        let stdout = std::io::stdout();
        let (width, _) = stdout.is_terminal().then(|| terminal_size::terminal_size_of(&stdout)).flatten()?;
        Some(usize::from(width.0)).filter(|width| *width > 0)
    };
    said.or_else(terminal).map(|columns| columns.max(NARROWEST))
}
