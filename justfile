# The tasks of CONTRIBUTING.md. `just` without a name lists them.

_list:
    @{{just_executable()}} --list

# Type-check everything, and the library without its features.
check:
    cargo check --locked --all-targets
    cargo check --locked --lib --no-default-features

# The tests that need nothing else; FILTER is a part of their names.
test filter="":
    cargo test --locked {{filter}}

# Formatting, Clippy and documentation.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Run tests and rewrite the snapshots; read `git diff` afterwards.
snapshots filter="":
    INSTA_UPDATE=always cargo test --locked --test integration {{filter}}
    git diff --stat -- tests/integration/snapshots docs

# A benchmark: commands, process, lint, lsp, patterns, tables, interpreter, prove.
bench name="process":
    cargo bench --locked --bench {{name}}

# Everything that must hold before a change lands, outside tools included.
judges:
    .ci/run

# The embedded models, from their pinned sources. Without an update of `scripts/requirements.txt` no file changes.
models:
    python3 -m venv target/models
    target/models/bin/pip install --quiet --disable-pip-version-check -r scripts/requirements.txt
    target/models/bin/python scripts/service_models.py
    target/models/bin/python scripts/resource_schemas.py
    target/models/bin/python scripts/sam_policies.py

# The files of a new lint rule: `just new-rule CFN412 table-class`.
new-rule id name:
    scripts/new_rule.sh {{id}} {{name}}
