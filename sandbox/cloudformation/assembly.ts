import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Template, ValidationError } from './template';

interface AssetManifest {
  readonly files?: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

/** Reads the template at a TemplateURL: a file of the cloud assembly, which the manifests of its assets name. */
export function templateOf(url: string, directory: string | undefined): Template {
  const objectKey = basename(url);
  const manifests = directory === undefined ? [] : readdirSync(directory).filter(name => name.endsWith('.assets.json'));
  for (const manifest of manifests) {
    const { files } = JSON.parse(readFileSync(join(directory as string, manifest), 'utf8')) as AssetManifest;
    const file = Object.values(files ?? {})
      .find(({ destinations }) => Object.values(destinations).some(destination => basename(destination.objectKey) === objectKey));
    if (file) {
      return JSON.parse(readFileSync(join(directory as string, file.source.path), 'utf8')) as Template;
    }
  }
  throw new ValidationError(`The sandbox finds no template for ${url} in ${directory}. Set assetDirectory to the cloud assembly.`);
}
