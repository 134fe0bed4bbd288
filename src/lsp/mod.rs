//! The verdict while one types: a server of the [Language Server Protocol](https://microsoft.github.io/language-server-protocol/).
//!
//! It is `lint` over what is open in the editor: the same rules, settings and comments. Each change is judged with the stack that it
//! belongs to, and no other; a change that follows before the verdict makes that unnecessary. What an editor asks of a place is answered
//! by [`ide`](crate::ide); here it is put into the protocol's words.
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
