import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { changedFiles, git } from './changed-files';

const directory = mkdtempSync(join(tmpdir(), 'changed-files-'));
const write = (...files: string[]) => {
  for (const file of files) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(join(directory, file), `${Math.random()}`);
  }
};
const commit = () => {
  git(directory, 'add', '--all');
  git(directory, '-c', 'user.name=n', '-c', 'user.email=n@example.com', 'commit', '--message', 'x');
};

afterAll(() => rmSync(directory, { recursive: true }));

test('a changed file is mutated unless the last pattern that matches it excludes it', () => {
  const files = ['src/one.ts', 'src/private/two.ts', 'src/organization-three.ts', 'src/private/sweep/four.ts', 'src/private/sweep/size.ts', 'lambda/five.ts', 'lambda/tsconfig.json', 'test/six.ts'];
  git(directory, 'init', '--quiet');
  write(...files, 'src/seven.ts', 'src/eight.ts');
  commit();
  write(...files);
  rmSync(join(directory, 'src/eight.ts'));
  commit();
  expect(changedFiles(directory, 'HEAD~1', ['src/**/*.ts', 'lambda/**/*.ts', '!src/organization-*.ts', '!src/private/sweep/**', 'src/private/sweep/size.ts']).sort())
    .toEqual(['lambda/five.ts', 'src/one.ts', 'src/private/sweep/size.ts', 'src/private/two.ts']);
});
