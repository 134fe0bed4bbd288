//! What happens, in the order in which the command line says it, whichever flags say it.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, value_parser};

use super::put::{self, Put};
use crate::simulate::services::s3::check_key;

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Happening {
    /// Puts an object into the bucket.
    Put(Put),
    /// Deletes an object from the bucket.
    Delete(String),
    /// An event, or a list of them, in a JSON file.
    Event(PathBuf),
    /// Events, one a line.
    Events(PathBuf),
    /// Every object of a listing is put.
    Listing(PathBuf),
    /// Records come to the source of a pipe: JSON, or `@FILE`.
    Records(String),
    /// A schedule fires; without a name, it is the only one.
    Schedule(String),
    /// A request to an API: the method, the path and the body.
    Api(String),
}

/// What happens, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Happenings(pub(super) Vec<Happening>);

/// The flags that say what happens.
const FLAGS: [(&str, &str, &str); 8] = [
    (
        "put",
        "KEY,NAME=VALUE,...",
        "Put an object into the bucket: its key [default: one that the rules match] and properties: size, content_type, \
         storage_class, checksum, metadata.NAME, tags.NAME",
    ),
    ("delete", "KEY", "Delete an object from the bucket"),
    ("event", "FILE", "Send the event, or the list of events, in a JSON file"),
    ("events", "FILE", "Send the events of a file, one per line; `-` is the standard input"),
    (
        "from-bucket-listing",
        "FILE",
        "Put every object of a listing, as printed by `aws s3api list-objects-v2` or `aws s3 ls --recursive`",
    ),
    (
        "records",
        "JSON",
        "Send records to the source of a pipe: a JSON list, or @FILE. Of each, only what matters has to be said",
    ),
    ("schedule", "NAME", "Let a schedule fire, of a rule or of EventBridge Scheduler [default: the only one]"),
    ("api", "REQUEST", "Send a request to an API: `METHOD PATH`, and a body or @FILE: 'POST /orders {\"id\": 5}'"),
];

impl clap::Args for Happenings {
    fn augment_args(command: Command) -> Command {
        FLAGS.iter().fold(command, |command, (name, value, help)| {
            let argument = Arg::new(*name).long(*name).value_name(*value).action(ArgAction::Append);
            let argument = argument.help(*help).help_heading("Events, in the given order");
            command.arg(match *name {
                "put" => argument.value_parser(put::parse).num_args(0..=1).default_missing_value(""),
                "records" | "api" => argument,
                "schedule" => argument.num_args(0..=1).default_missing_value(""),
                "delete" => argument.value_parser(deleted).allow_hyphen_values(true),
                _ => argument.value_parser(value_parser!(PathBuf)),
            })
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Happenings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Vec::new();
        gather(matches, "put", Happening::Put, &mut found);
        gather(matches, "delete", Happening::Delete, &mut found);
        gather(matches, "event", Happening::Event, &mut found);
        gather(matches, "events", Happening::Events, &mut found);
        gather(matches, "from-bucket-listing", Happening::Listing, &mut found);
        gather(matches, "records", Happening::Records, &mut found);
        gather(matches, "schedule", Happening::Schedule, &mut found);
        gather(matches, "api", Happening::Api, &mut found);
        found.sort_by_key(|(at, _)| *at);
        Ok(Self(found.into_iter().map(|(_, happening)| happening).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The key of an object that is deleted.
fn deleted(key: &str) -> Result<String, String> {
    check_key(key)?;
    Ok(key.to_owned())
}

/// The values of a flag with their places on the command line.
fn gather<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    flag: &str,
    happening: fn(T) -> Happening,
    found: &mut Vec<(usize, Happening)>,
) {
    if let (Some(places), Some(values)) = (matches.indices_of(flag), matches.get_many::<T>(flag)) {
        found.extend(places.zip(values).map(|(at, value)| (at, happening(value.clone()))));
    }
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;

    #[test]
    fn the_order_is_that_of_the_command_line() {
        let command = Happenings::augment_args(Command::new("x"));
        let line = [
            "x",
            "--put",
            "a",
            "--event",
            "e",
            "--delete",
            "a",
            "--put=-b",
            "--records=[]",
            "--events=-",
            "--delete",
            "-c",
            "--schedule",
            "--api",
            "GET /a",
            "--put",
        ];
        let happenings = Happenings::from_arg_matches(&command.get_matches_from(line)).unwrap();
        let put = |key: Option<&str>| Happening::Put(Put { key: key.map(str::to_owned), ..Put::default() });
        let delete = |key: &str| Happening::Delete(key.to_owned());
        let file = PathBuf::from;
        let expected = [
            put(Some("a")),
            Happening::Event(file("e")),
            delete("a"),
            put(Some("-b")),
            Happening::Records("[]".to_owned()),
            Happening::Events(file("-")),
            delete("-c"),
            Happening::Schedule(String::new()),
            Happening::Api("GET /a".to_owned()),
            put(None),
        ];
        assert_eq!(happenings.0, expected);
    }
}
