#!/usr/bin/env node
// Starts the binary of this platform, which is in a package of its own that npm installed beside this one.
"use strict";

const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

/** Whether this Linux has musl instead of glibc. Node names the version of glibc in its report, and of musl nothing. */
function musl() {
  return process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
}

function binary() {
  if (process.env.BUCKETBOOK_BINARY) {
    return process.env.BUCKETBOOK_BINARY;
  }
  const name = `@bucketbook/${process.platform}-${process.arch}${musl() ? "-musl" : ""}`;
  const file = process.platform === "win32" ? "bucketbook.exe" : "bucketbook";
  try {
    return require.resolve(`${name}/${file}`);
  } catch {
    console.error(`error: the package ${name} is not installed, so there is no bucketbook for this platform`);
    console.error("help: install without --no-optional; or set BUCKETBOOK_BINARY to a binary that you have, for instance one built by `cargo install bucketbook`");
    process.exit(2);
  }
}

const result = spawnSync(binary(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (result.error) {
  console.error(`error: cannot start bucketbook: ${result.error.message}`);
  process.exit(2);
}
process.exit(result.signal ? 128 + constants.signals[result.signal] : result.status);
