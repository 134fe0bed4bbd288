use std::ops::Deref;

use thiserror::Error;

use crate::name::EnvironmentName;

use super::header::{comment_line, comment_line_for};

/// A file of a generated stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it goes, from the output directory, with `/` between folders.
    pub path: String,
    /// The whole text of the file, as it is written to disk.
    pub text: String,
}

/// The files of a generated stack, each with a path of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GeneratedFiles(Vec<GeneratedFile>);

/// Two files are rendered to one path, so one of them would be lost.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is rendered twice")]
pub struct RenderedTwice(pub String);

impl GeneratedFiles {
    /// Adds a file.
    ///
    /// # Errors
    /// There is one of its path already.
    pub fn add(&mut self, file: GeneratedFile) -> Result<(), RenderedTwice> {
        if self.0.iter().any(|other| other.path == file.path) {
            return Err(RenderedTwice(file.path));
        }
        self.0.push(file);
        Ok(())
    }
}

/// The same files, where each names the spec that it was made from. It replaces the usual name, and one that would break out of
/// a comment or a text is left away. Those of an environment say so too.
pub fn made_from(mut files: GeneratedFiles, spec: &str, environment: Option<&EnvironmentName>) -> GeneratedFiles {
    let plain = spec.chars().all(|c| c.is_alphanumeric() || "._-+ ".contains(c)) && !spec.contains("--");
    if plain {
        let made = comment_line_for(spec, environment);
        for file in &mut files.0 {
            file.text = file.text.replace(&comment_line(), &made);
        }
    }
    files
}

impl Deref for GeneratedFiles {
    type Target = [GeneratedFile];

    fn deref(&self) -> &[GeneratedFile] {
        &self.0
    }
}

impl IntoIterator for GeneratedFiles {
    type Item = GeneratedFile;
    type IntoIter = std::vec::IntoIter<GeneratedFile>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_once() {
        let file = |text: &str| GeneratedFile { path: "a".to_owned(), text: text.to_owned() };
        let mut files = GeneratedFiles::default();
        files.add(file("1")).unwrap();
        assert_eq!(files.add(file("2")), Err(RenderedTwice("a".to_owned())));
        assert_eq!(files.len(), 1);
    }
}
