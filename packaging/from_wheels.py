#!/usr/bin/env python3
"""Makes the other packages of a release from its wheels, so that each platform is built once.

    python3 packaging/from_wheels.py WHEELS_DIRECTORY OUTPUT_DIRECTORY [--base-url URL]

A wheel holds the binary and its bill of materials. From each wheel this makes an archive (`.tar.gz`, or `.zip` for Windows) and
an npm package; then the npm launcher that chooses among those packages, `SHA256SUMS`, the bills of materials (`*.cdx.json`), the
binaries of the container image (`docker/amd64/bucketbook`, `docker/arm64/bucketbook`), and a Homebrew formula. The repository's
address is that of Cargo.toml's `repository`: it is in the npm packages, and the formula downloads the archives from its release,
or from `--base-url`. Without either there is no formula. Standard library only.
"""

import argparse
import gzip
import hashlib
import io
import json
import re
import shutil
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Platform:
    """What a wheel's platform tag means to the other package managers."""

    tag: str  # a pattern for the wheel's platform tag
    target: str  # Rust's name
    os: str  # npm's names
    cpu: str
    libc: str = ""
    docker: str = ""  # the architecture of the container image that takes this binary

    @property
    def npm(self) -> str:
        musl = "-musl" if self.libc == "musl" else ""
        return f"@bucketbook/{self.os}-{self.cpu}{musl}"

    @property
    def binary(self) -> str:
        return "bucketbook.exe" if self.os == "win32" else "bucketbook"


PLATFORMS = [
    Platform(r"musllinux.*_x86_64", "x86_64-unknown-linux-musl", "linux", "x64", "musl", "amd64"),
    Platform(r"musllinux.*_aarch64", "aarch64-unknown-linux-musl", "linux", "arm64", "musl", "arm64"),
    Platform(r"linux.*_x86_64", "x86_64-unknown-linux-gnu", "linux", "x64", "glibc"),
    Platform(r"linux.*_aarch64", "aarch64-unknown-linux-gnu", "linux", "arm64", "glibc"),
    Platform(r"macosx.*_x86_64", "x86_64-apple-darwin", "darwin", "x64"),
    Platform(r"macosx.*_arm64", "aarch64-apple-darwin", "darwin", "arm64"),
    Platform(r"win_amd64", "x86_64-pc-windows-msvc", "win32", "x64"),
]


@dataclass
class Built:
    platform: Platform
    version: str
    binary: bytes
    sbom: bytes | None


def read(wheel: Path) -> Built:
    name, version, tag = re.fullmatch(r"([^-]+)-([^-]+)-py3-none-(.+)\.whl", wheel.name).groups()
    platform = next((p for p in PLATFORMS if re.search(p.tag, tag)), None)
    if platform is None:
        sys.exit(f"{wheel.name}: unknown platform tag `{tag}`; add it to PLATFORMS in {Path(__file__).name}")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        binary = f"{name}-{version}.data/scripts/{platform.binary}"
        if binary not in names:
            sys.exit(f"{wheel.name}: there is no {binary} in it")
        sbom = next((n for n in names if ".dist-info/sboms/" in n and n.endswith(".json")), None)
        return Built(platform, version, archive.read(binary), archive.read(sbom) if sbom else None)


def archive(built: Built, out: Path) -> Path:
    """The binary with its licence and front page, dated alike in every build so that equal contents give equal bytes."""
    stem = f"bucketbook-{built.version}-{built.platform.target}"
    files = [(built.platform.binary, built.binary, 0o755)]
    files += [(name, (ROOT / name).read_bytes(), 0o644) for name in ("LICENSE", "README.md")]
    if built.platform.os == "win32":
        path = out / f"{stem}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content, _ in files:
                target.writestr(zipfile.ZipInfo(f"{stem}/{name}"), content, zipfile.ZIP_DEFLATED)
        return path
    path = out / f"{stem}.tar.gz"
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as target:
            for name, content, mode in files:
                info = tarfile.TarInfo(f"{stem}/{name}")
                info.size, info.mode = len(content), mode
                target.addfile(info, io.BytesIO(content))
    return path


def field(name: str) -> str | None:
    """A field of Cargo.toml's package, without a final slash; None if it is not set."""
    found = re.search(rf'^{name} = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)
    return found and found.group(1).rstrip("/")


def described(package: dict) -> dict:
    """Adds to an npm package what Cargo.toml says about all packages. Without a repository there, no address is invented."""
    package |= {"description": field("description"), "license": field("license")}
    if repository := field("repository"):
        package["homepage"] = repository
        package["bugs"] = f"{repository}/issues"
        package["repository"] = {"type": "git", "url": f"git+{repository.removesuffix('.git')}.git"}
    return package


def npm_platform(built: Built, out: Path) -> None:
    platform = built.platform
    folder = out / "npm" / platform.npm.removeprefix("@bucketbook/")
    folder.mkdir(parents=True)
    package = {"name": platform.npm, "version": built.version, "os": [platform.os], "cpu": [platform.cpu]}
    if platform.libc:
        package["libc"] = [platform.libc]
    package |= {"files": [platform.binary], "preferUnplugged": True}
    (folder / "package.json").write_text(json.dumps(described(package), indent=2) + "\n")
    (folder / platform.binary).write_bytes(built.binary)
    (folder / platform.binary).chmod(0o755)
    shutil.copy(ROOT / "LICENSE", folder)


def npm_launcher(version: str, built: list[Built], out: Path) -> None:
    folder = out / "npm" / "bucketbook"
    folder.mkdir(parents=True)
    package = {
        "name": "bucketbook",
        "version": version,
        "bin": {"bucketbook": "bucketbook.js"},
        "engines": {"node": ">=18"},
        "optionalDependencies": {b.platform.npm: version for b in built},
        "files": ["bucketbook.js"],
    }
    (folder / "package.json").write_text(json.dumps(described(package), indent=2) + "\n")
    for name in ("bucketbook.js", "README.md"):
        shutil.copy(HERE / "npm" / name, folder)
    shutil.copy(ROOT / "LICENSE", folder)


def formula(version: str, archives: dict[str, Path], base: str) -> str:
    def block(condition: str, *targets: str) -> str:
        path = next((archives[target] for target in targets if target in archives), None)
        if path is None:
            return ""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return f'    {condition} do\n      url "{base}/{path.name}"\n      sha256 "{digest}"\n    end\n'

    mac = block("on_arm", "aarch64-apple-darwin") + block("on_intel", "x86_64-apple-darwin")
    linux = block("on_arm", "aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu")
    linux += block("on_intel", "x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu")
    repository = field("repository")
    homepage = f'  homepage "{repository}"\n' if repository else ""
    return f"""class Bucketbook < Formula
  desc "Generate, lint, simulate and price S3 to Step Functions to DynamoDB stacks"
{homepage}  version "{version}"
  license "{field("license")}"

  on_macos do
{mac}  end

  on_linux do
{linux}  end

  def install
    bin.install "bucketbook"
    generate_completions_from_executable(bin/"bucketbook", "completions")
  end

  test do
    (testpath/"bucketbook.yaml").write "{{}}\\n"
    system bin/"bucketbook", "generate"
    system bin/"bucketbook", "check"
  end
end
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheels", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base-url", help="the address of the archives, for the Homebrew formula [default: the release of Cargo.toml's repository]")
    options = parser.parse_args()
    wheels = sorted(options.wheels.glob("*.whl"))
    if not wheels:
        sys.exit(f"there is no wheel in {options.wheels}")
    out = options.out
    if out.exists() and any(out.iterdir()):
        sys.exit(f"{out} is not empty; name an empty directory")
    out.mkdir(parents=True, exist_ok=True)

    built = [read(wheel) for wheel in wheels]
    versions = {b.version for b in built}
    if len(versions) != 1:
        sys.exit(f"the wheels have several versions: {', '.join(sorted(versions))}")
    version = versions.pop()
    archives = {}
    for one in built:
        archives[one.platform.target] = archive(one, out)
        npm_platform(one, out)
        if one.sbom:
            (out / f"bucketbook-{version}-{one.platform.target}.cdx.json").write_bytes(one.sbom)
        if one.platform.docker:
            image = out / "docker" / one.platform.docker / "bucketbook"
            image.parent.mkdir(parents=True)
            image.write_bytes(one.binary)
            image.chmod(0o755)
    npm_launcher(version, built, out)
    repository = field("repository")
    base = options.base_url or (repository and f"{repository}/releases/download/v{version}")
    if base:
        (out / "bucketbook.rb").write_text(formula(version, archives, base.rstrip("/")))
    sums = [(hashlib.sha256(p.read_bytes()).hexdigest(), p.name) for p in [*archives.values(), *sorted(out.glob("*.cdx.json"))]]
    (out / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))
    print(f"{len(built)} wheels: {', '.join(sorted(archives))} {version}, npm packages and SHA256SUMS in {out}")


if __name__ == "__main__":
    main()
