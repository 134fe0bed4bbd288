//! What a command gives to show, for clients that do not show it themselves: a file that the client is asked to open.

use std::path::PathBuf;

use gen_lsp_types::Uri;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::server::Server;

/// The files, gone with the server.
#[derive(Debug, Default)]
pub(super) struct Results {
    folder: Option<TempDir>,
}

impl Results {
    /// Writes what there is to show into a file of its own.
    fn write(&mut self, name: &str, text: &str) -> std::io::Result<PathBuf> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => tempfile::Builder::new().prefix("bucketbook-").tempdir()?,
        };
        let path = folder.path().join(name);
        self.folder = Some(folder);
        std::fs::write(&path, text)?;
        Ok(path)
    }
}

/// The name of a file with a title, of a language.
fn file_name(title: &str, language: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect();
    let extension = match language {
        "svg" => "svg",
        "markdown" => "md",
        _ => "txt",
    };
    format!("{plain}.{extension}")
}

/// Has the client open what a command gave. One that cannot open files is told where it is.
pub(super) fn show(server: &mut Server, shown: &Value) {
    let text = |field: &str| shown[field].as_str();
    let (Some(title), Some(language), Some(content)) = (text("title"), text("language"), text("text")) else { return };
    if server.client.shows_results {
        return;
    }
    let Ok(path) = server.results.write(&file_name(title, language), content) else { return };
    match Uri::from_file_path(&path).ok().filter(|_| server.client.shows_documents) {
        // No editor shows a picture as one; what the system opens it with does.
        Some(uri) => {
            let picture = language == "svg";
            server.ask("window/showDocument", json!({"uri": uri, "external": picture, "takeFocus": !picture}));
        }
        None => {
            server.notify("window/showMessage", json!({"type": 3, "message": format!("{title}: {}", path.display())}))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_what_they_show() {
        assert_eq!(file_name("m.asl.json: workflow", "svg"), "m.asl.json--workflow.svg");
        assert_eq!(file_name("../a/b", "markdown"), "..-a-b.md");
    }

    #[test]
    fn files_are_gone_with_the_server() {
        let mut results = Results::default();
        let (one, two) = (results.write("a.md", "1").unwrap(), results.write("a.md", "2").unwrap());
        assert_eq!((one == two, std::fs::read_to_string(&two).unwrap()), (true, "2".to_owned()));
        drop(results);
        assert!(!one.exists());
    }
}
