// Plays the client that was generated from the description against a running edge; play.py does the
// same in Python, and says what comes from the environment.

import {
  BooksApi,
  CommandsApi,
  Configuration,
  RequestsApi,
  ResponseError,
  UploadsApi,
  instanceOfBookCreated,
  instanceOfRequest,
} from '../../../../api-edge/target/typescript-client/index';

const env = (globalThis as any).process.env as Record<string, string>;
const WAIT = 'wait=20';

function configuration(edge: string = env.EDGE, token: string = env.TOKEN): Configuration {
  return new Configuration({ basePath: edge, accessToken: token });
}

function step(what: string): void {
  console.log('played: ' + what);
}

function check(held: boolean, what: unknown): asserts held {
  if (!held) {
    throw new Error(JSON.stringify(what));
  }
}

async function response(call: Promise<unknown>): Promise<Response> {
  try {
    await call;
  } catch (e) {
    if (e instanceof ResponseError) {
      return e.response;
    }
    throw e;
  }
  throw new Error('not refused');
}

async function refused(status: number, code: string, call: Promise<unknown>): Promise<any> {
  const answer = await response(call);
  const problem = await answer.json();
  check(answer.status === status && problem.code === code, problem);
  check(problem.cause !== undefined && problem.detail !== undefined, problem);
  return problem;
}

const pause = (seconds: number) => new Promise((then) => setTimeout(then, seconds * 1000));

async function play(): Promise<void> {
  const commands = new CommandsApi(configuration());
  const books = new BooksApi(configuration());
  const requests = new RequestsApi(configuration());
  const uploads = new UploadsApi(configuration());

  // 202 and 201 by their types, with and without a wait
  const kept: object = await commands.createBook({
    newBook: { bookName: 'Kept' },
    idempotencyKey: '"kept"',
  });
  check(instanceOfRequest(kept) && !instanceOfBookCreated(kept), kept);
  step('a 202 is a Request');

  const book: object = await commands.createBook({
    newBook: { bookName: 'Waited for' },
    prefer: WAIT,
  });
  check(instanceOfBookCreated(book) && !instanceOfRequest(book), book);
  step('a 201 is a BookCreated');

  const manual = [{ code: 'TS-1' }];
  const added = await commands.addCodes({
    newCodes: { bookId: book.bookId, manual },
    prefer: WAIT,
  });
  check(added.codes?.[0].code === 'TS-1', added);
  const shown = await books.book({ bookId: book.bookId });
  check('counts' in shown && shown.counts?.voided === 0 && shown.counts.free === 1, shown);
  step('a book of codes, and void under its other name');

  // Polls, with a 304 for what is known already
  let state = await requests.requestStateRaw({ requestId: kept.requestId });
  let request = await state.value();
  while (request.outcome === undefined) {
    await pause(Number(state.raw.headers.get('Retry-After') ?? '1'));
    state = await requests.requestStateRaw({ requestId: kept.requestId });
    request = await state.value();
  }
  check(request.outcome?.status === 201, request);
  const known = state.raw.headers.get('ETag') ?? '';
  const unchanged = await response(
    requests.requestState({ requestId: kept.requestId, ifNoneMatch: known }),
  );
  check(unchanged.status === 304, unchanged.status);
  step('a poll that ends, and a 304');

  // An upload of a file, and its rejects
  const content = 'code\nTS-2\nnot a code\nTS-3\n';
  const plan = await uploads.upload({
    newUpload: { bookId: book.bookId, fileName: 'codes.csv', contentLength: content.length },
  });
  const { 'content-length': _, ...headers } = plan.headers;
  const sent = await fetch(plan.url!, { method: plan.method, headers, body: content });
  check(sent.status === 200, sent.status);
  let upload = await uploads.uploadState({ uploadId: plan.uploadId });
  for (let i = 0; i < 150 && upload.state !== 'completed_with_rejects'; i++) {
    await pause(0.2);
    upload = await uploads.uploadState({ uploadId: plan.uploadId });
  }
  check(upload.rows.accepted === 2 && upload.rows.rejected === 1, upload);
  const rejects = await (await uploads.rejectsRaw({ uploadId: plan.uploadId })).raw.text();
  check(rejects.includes('not a code') && rejects.includes('invalid_code'), rejects);
  step('an upload and its rejects');

  // What is refused
  const again = { newCodes: { bookId: book.bookId, manual }, prefer: WAIT };
  const exists = await refused(409, 'codes_already_exist', commands.addCodes(again));
  check(exists.codes[0] === 'TS-1', exists);
  const reused = await refused(
    422,
    'idempotency_key_reused',
    commands.createBook({ newBook: { bookName: 'Another' }, idempotencyKey: '"kept"' }),
  );
  check(reused.field === 'Idempotency-Key', reused);
  step('409 and 422');

  const ended = new BooksApi(configuration(env.EDGE, env.ENDED_TOKEN));
  const over = await refused(401, 'unauthorized', ended.books());
  check(over.cause === 'token_expired', over);
  step('a token that has ended');

  if (env.LIMITED_EDGE !== undefined) {
    const limited = new BooksApi(configuration(env.LIMITED_EDGE));
    for (let i = 0; ; i++) {
      check(i < 20, 'no 429 in twenty calls');
      try {
        await limited.books({ limit: 1 });
      } catch (e) {
        check(e instanceof ResponseError && e.response.status === 429, e);
        check(Number(e.response.headers.get('Retry-After')) >= 1, 'Retry-After');
        break;
      }
    }
    step('a 429');
  }
}

play().catch((e) => {
  console.error(e);
  (globalThis as any).process.exit(1);
});
