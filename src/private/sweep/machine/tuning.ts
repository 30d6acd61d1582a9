/*
 * What the machine's rooms must agree on: how many calls it makes at once, how much it carries along, and how an account is written down.
 */

/** The default is declared for this target. */
export const EVERY_ACCOUNT = '*';
/** Stands for a type that a target does not name. */
export const NOT_NAMED = '-';
/** How much of the id of an account's parent tells it from the others: its end, which is random. */
export const PARENT_CHARACTERS = 8;
/** Stands for every type of a target that is left alone. */
export const LEFT_ALONE = 'x';

/** How many children set contacts at the same time. More of them use up the bursts of the quotas. */
export const LANES = 5;
/** How many accounts a child sets: each child costs a state transition, and must end within five minutes. */
export const ACCOUNTS_PER_CHILD = 10;
/** How long a child may take by the pace that it keeps, and when it hands back what is left, in seconds. Step Functions ends it after 300. */
export const CHILD_SECONDS = 180;
export const CHILD_DEADLINE = 240;

/** How many accounts are swept in a round. What a round gives back has to fit into 256 KiB. */
export const ACCOUNTS_PER_ROUND = 2_000;
/** No more are listed ahead when so many accounts wait for their turn: with what a list gives, they are to fit into 256 KiB. */
export const ACCOUNTS_WAITING = 4_000;
/** How many ids a result keeps. All are counted. */
export const IDS_IN_RESULT = 1_500;
/** How many accounts that failed can be tried again by name. */
export const FAILURES_KEPT = 4_000;
/** How many accounts an execution may be started for. */
export const ACCOUNTS_NAMED = 4_000;
/** How much of the name of an error is kept. */
export const ERROR_CHARACTERS = 60;
/** How many accounts and errors a cause has room for, in characters. It may have 32,768. */
export const CAUSE_CHARACTERS = 28_000;

/** How many members are asked at most before they are set, whether their contacts can be read at all. */
export const MEMBERS_ASKED = 10;
/** How many members have to refuse, where there are no more, before the set-up is taken to be wrong: one or two may have a reason of their own. */
export const MEMBERS_REFUSING = 3;

/** How many running executions are looked at together. With the longest names they take 150 kB. */
export const EXECUTIONS_PER_PAGE = 250;

/** ListAccounts gives at most this many accounts per call. It is called once a second, and takes a moment itself. */
export const ACCOUNTS_PER_PAGE = 20;
export const SECONDS_PER_PAGE = 1.2;
export const PAGES_PER_CHILD = ACCOUNTS_PER_ROUND / ACCOUNTS_PER_PAGE;
/**
 * How many accounts a list must find before it hands them over: few at first, so that setting begins soon; more later, because each round adds events
 * to the history.
 */
export const LEAST_LISTED = { first: ACCOUNTS_PER_PAGE, later: 100 };

/** Accounts that failed are tried again after so many minutes: about half an hour in all, because fresh accounts are not ready at once. */
export const TRIES_AFTER_MINUTES = [2, 4, 8, 16];
/** A list that fails is tried again after so many seconds: a new role is not known everywhere at once. */
export const LIST_TRIES_AFTER_SECONDS = [15, 30, 60];
/** What a deployment's sweep waits: an execution that starts earlier may still run the definition before. */
export const SECONDS_AFTER_DEPLOYMENT = 60;

/** Requests per second that the organization has. @see https://docs.aws.amazon.com/accounts/latest/reference/quotas.html */
export const QUOTAS = { aws: { gets: 10, puts: 5 }, china: { gets: 3, puts: 1 } };
