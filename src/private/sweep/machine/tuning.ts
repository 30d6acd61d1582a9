/* The numbers of the machine, each with the reason for its size. A state may assign and return 256 KiB, and a history holds 25,000 events. */

/** Requests per second that Account Management grants. @see https://docs.aws.amazon.com/accounts/latest/reference/quotas.html */
export const QUOTAS = { aws: { gets: 10, puts: 5 }, china: { gets: 3, puts: 1 } };

/** How many children set contacts at the same time. More would exhaust the bursts of the quotas. */
export const LANES = 5;
/** How many accounts a child sets at most. Fewer would cost more state transitions, and a child must end within five minutes. */
export const ACCOUNTS_PER_CHILD = 10;
/** Planned duration of a child, and when it returns the rest, in seconds. Step Functions stops it after 300. */
export const CHILD_SECONDS = 180;
export const CHILD_DEADLINE = 240;

/** How many accounts are swept in a round. What the children of a round return must fit into 256 KiB. */
export const ACCOUNTS_PER_ROUND = 2_000;
/** Listing pauses while this many accounts are queued: queue and next list must fit into 256 KiB. */
export const ACCOUNTS_WAITING = 4_000;
/** How many accounts an execution may be started for. Their ids take 60 kB wherever they are handed on. */
export const ACCOUNTS_NAMED = 4_000;

/** How many changed accounts a result names, in 60 kB at most. All are counted. */
export const IDS_IN_RESULT = 1_500;
/** How many failed accounts are kept, in 60 kB, to be tried again by name. All are counted. */
export const FAILURES_KEPT = 4_000;
/** How many characters of an error's name are kept. The longest that the services document for these calls has 47. */
export const ERROR_CHARACTERS = 60;
/** How many characters of a cause name accounts and errors. A cause may have 32,768: the rest is for its sentences. */
export const CAUSE_CHARACTERS = 28_000;

/** How many members are probed, before any contact is set, to learn whether contacts can be read at all. */
export const MEMBERS_ASKED = 10;
/** In a smaller organization, how many refusals prove a wrong set-up. One or two members may refuse for reasons of their own. */
export const MEMBERS_REFUSING = 3;

/** How many running executions are listed at a time. With the longest names they take 150 kB. */
export const EXECUTIONS_PER_PAGE = 250;
/** How many older executions are described and stopped at a time: few, because all executions of the account share these quotas. */
export const STOPPED_AT_A_TIME = 2;

/** How many accounts ListAccounts returns at most. A page takes a wait of one second and the call itself. */
export const ACCOUNTS_PER_PAGE = 20;
export const SECONDS_PER_PAGE = 1.2;
/** How many pages a child lists at most: as many accounts as a round sweeps. */
export const PAGES_PER_CHILD = ACCOUNTS_PER_ROUND / ACCOUNTS_PER_PAGE;
/**
 * How many accounts a child must find before it returns them, if it has the time: few at first, so that setting begins soon; more later, because each
 * round adds events to the history.
 */
export const LEAST_LISTED = { first: ACCOUNTS_PER_PAGE, later: 100 };

/** How long to wait before each further try of the accounts that failed: half an hour in all, because a new account may take that long to be ready. */
export const TRIES_AFTER_MINUTES = [2, 4, 8, 16];
/** How long to wait before each further try of a list that failed, because a new role does not work everywhere at once. */
export const LIST_TRIES_AFTER_SECONDS = [15, 30, 60];
/** How long the sweep after a deployment waits. An earlier execution may still run the previous definition. */
export const SECONDS_AFTER_DEPLOYMENT = 60;
/** How long an input may ask to wait: a day. */
export const LONGEST_WAIT_SECONDS = 86_400;
