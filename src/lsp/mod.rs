//! A server of the [Language Server Protocol](https://microsoft.github.io/language-server-protocol/): `lint` while you type.
//!
//! It applies the rules, settings and comments of `lint` to what is open in the editor. After each change, only the stack that the file belongs
//! to is checked again; a newer change cancels a check that has not started. [`ide`](crate::ide) answers what an editor asks about a position,
//! and this room translates the answers into the protocol.
//!
//! ```no_run
//! let (connection, threads) = bucketbook::lsp::stdio();
//! let ended = bucketbook::lsp::serve(connection, None);
//! threads.join()?;
//! # drop(ended);
//! # Ok::<(), std::io::Error>(())
//! ```

mod actions;
mod answer;
mod client;
mod diagnostics;
mod folder;
mod generated;
mod handshake;
mod lenses;
mod outlines;
mod pages;
mod place;
mod places;
mod results;
mod run;
mod scan;
mod server;
mod stdio;
mod text;
mod workspace;

pub use server::{Ended, serve};
pub use stdio::{Threads, stdio};
