// Copies a cloud assembly without what differs from machine to machine: paths of the app's directory, and lists of the CDK's own.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const [from, to] = process.argv.slice(2);
const app = dirname(resolve(from)) + '/';
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from).sort()) {
  if (name !== 'manifest.json' && !/\.(assets|metadata|template)\.json$/.test(name)) continue;
  const text = readFileSync(join(from, name), 'utf8').replaceAll(app, '');
  const content = JSON.parse(text);
  if (name === 'manifest.json') {
    for (const [id, artifact] of Object.entries(content.artifacts)) {
      if (!artifact.type.startsWith('aws:cloudformation') && artifact.type !== 'cdk:asset-manifest') delete content.artifacts[id];
    }
  }
  writeFileSync(join(to, name), JSON.stringify(content, null, 1) + '\n');
}
