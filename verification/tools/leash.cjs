/*
 * Runs a server for as long as standard input is open. When the process at the other end ends in any way, the server and its children end too.
 *
 *   node leash.cjs COMMAND [OPTION...]
 */
const { spawn } = require('node:child_process');

const [command, ...options] = process.argv.slice(2);
const server = spawn(command, options, { stdio: ['ignore', 'inherit', 'inherit'] });
server.on('error', error => {
  console.error(error.message);
  process.exit(127);
});
server.on('exit', code => process.exit(code ?? 1));
// The negative pid means the whole group, which this process leads.
process.stdin.on('close', () => process.kill(-process.pid, 'SIGKILL')).resume();
