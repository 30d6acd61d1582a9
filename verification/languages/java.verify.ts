import { join } from 'node:path';
import { manifest, MAVEN, mustRunIn, pin, verifyApp } from './app';

verifyApp({
  language: 'java',
  pack: ['java', `--maven-local-repository=${MAVEN}`],
  source: 'src/main/java/com/example/ContactsStack.java',
  exception: /Caused by: software\.amazon\.jsii\.\w+: /,
  async install(folder) {
    const version = /(?<=<artifactId>cdk-alternate-contact<\/artifactId>\s*)<version>.*<\/version>/;
    pin(join(folder, 'pom.xml'), version, `<version>${manifest.version}</version>`);
    // This option halves the time of so short a build.
    const env = { MAVEN_OPTS: `-Dmaven.repo.local=${MAVEN} -XX:TieredStopAtLevel=1` };
    await mustRunIn(folder, ['mvn', '--batch-mode', '--quiet', 'compile'], env);
    return env;
  },
});
