import { type Breach, type BreachCode, breach, FIELD_LIMIT, headerBreach, SOURCE_COLUMNS } from './breach.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

const FIELD_START = 0;
const UNQUOTED = 1;
const QUOTED = 2;
/** A quote inside a quoted field: its end, or the first half of a doubled quote. */
const QUOTE_SEEN = 3;
const CR_SEEN = 4;

/** Non-zero at bytes where the scanner must look closer, outside quotes and inside them. */
const OUTSIDE = table([COMMA, QUOTE, LF, CR, 0]);
const INSIDE = table([QUOTE, LF, 0]);

function table(bytes: readonly number[]): Uint8Array {
  const special = new Uint8Array(256);
  for (const byte of bytes) special[byte] = 1;
  return special;
}

/**
 * The contract's state machine (RFC 4180) over the bytes of one source file, byte-order mark already removed.
 * Memory does not grow with the file: no value is kept but the header's. Breaches of one record do not stop
 * the scan, those beyond `limit` are counted; a breach that makes the rest unreadable does.
 */
export class Scanner {
  /** The first `limit`, in file order. */
  readonly breaches: Breach[] = [];
  /** Breaches found beyond the limit. */
  more = 0;
  /** Data records seen; the number of rows if there is no breach. */
  rows = 0;
  /** True when nothing after this point can be judged: push and finish do nothing more. */
  stopped = false;

  readonly #limit: number;
  readonly #merge: boolean;
  /** Fields of a record: columns of the header. */
  #width: number = SOURCE_COLUMNS.length;
  #state = FIELD_START;
  #line = 1;
  #field = 1;
  #fieldLine = 1;
  #fieldBytes = 0;
  #fieldQuoted = false;
  #firstSurplusLine = 0;
  #emptyEntityLine = 0;
  #emptyKeyLine = 0;
  #anyByte = false;
  /** Cells of the header while it is being read. */
  #header: string[] | undefined = [];
  #cell: Buffer[] = [];

  /** `merge` allows columns after the six. */
  constructor(limit = 20, merge = false) {
    this.#limit = limit;
    this.#merge = merge;
  }

  /** Scans the next bytes; cuts may fall anywhere. */
  push(bytes: Buffer): void {
    if (this.stopped || bytes.length === 0) return;
    this.#anyByte = true;
    let at = 0;
    const end = bytes.length;
    while (at < end && !this.stopped) {
      if (this.#state === UNQUOTED || this.#state === QUOTED || this.#state === FIELD_START) {
        const special = this.#state === QUOTED ? INSIDE : OUTSIDE;
        const start = at;
        while (at < end && special[bytes[at] as number] === 0) at++;
        if (at > start) this.#take(bytes, start, at);
        if (at === end || this.stopped) return;
      }
      this.#step(bytes[at] as number, bytes, at);
      at++;
    }
  }

  /** Stops the scan at the field it has reached. */
  fail(code: BreachCode, detail = ''): void {
    if (this.stopped) return;
    this.#note(breach(code, this.#fieldLine, this.#field, detail));
    this.stopped = true;
  }

  /** The end of the file: the last record may lack its line break. */
  finish(): void {
    if (this.stopped) return;
    if (!this.#anyByte) this.fail('EMPTY_FILE');
    else if (this.#state === QUOTED) this.fail('UNCLOSED_QUOTE');
    else if (this.#state === CR_SEEN) this.fail('LONE_CR');
    else if (this.#state !== FIELD_START || this.#field > 1) this.#endRecord();
    if (!this.stopped && this.rows === 0 && this.breaches.length === 0) {
      this.#note(breach('NO_ROWS', 2, 1));
    }
  }

  #note(found: Breach): void {
    if (this.breaches.length < this.#limit) this.breaches.push(found);
    else this.more++;
  }

  #take(bytes: Buffer, start: number, end: number): void {
    if (this.#state === FIELD_START) this.#state = UNQUOTED;
    this.#fieldBytes += end - start;
    if (this.#fieldBytes > FIELD_LIMIT) this.fail('FIELD_TOO_LARGE');
    else if (this.#header !== undefined) this.#cell.push(Buffer.from(bytes.subarray(start, end)));
  }

  #step(byte: number, bytes: Buffer, at: number): void {
    if (this.#state === CR_SEEN) {
      if (byte === LF) this.#lineBreak();
      else this.fail('LONE_CR');
    } else if (byte === 0) {
      this.fail('NUL');
    } else if (this.#state !== QUOTED) {
      this.#stepOutside(byte, bytes, at);
    } else if (byte === QUOTE) {
      this.#state = QUOTE_SEEN;
    } else {
      this.#line++;
      this.#take(bytes, at, at + 1);
    }
  }

  #stepOutside(byte: number, bytes: Buffer, at: number): void {
    if (byte === QUOTE) this.#quote(bytes, at);
    else if (byte === COMMA) this.#endField();
    else if (byte === LF) this.#lineBreak();
    else if (byte === CR) this.#state = CR_SEEN;
    else this.fail('TEXT_AFTER_QUOTE');
  }

  #quote(bytes: Buffer, at: number): void {
    if (this.#state === UNQUOTED) {
      this.fail('QUOTE_IN_UNQUOTED');
      return;
    }
    if (this.#state === QUOTE_SEEN) this.#take(bytes, at, at + 1);
    this.#fieldQuoted = true;
    this.#state = QUOTED;
  }

  #lineBreak(): void {
    this.#endRecord();
    this.#line++;
    this.#fieldLine = this.#line;
  }

  #noteField(): void {
    if (this.#header !== undefined) {
      this.#header.push(Buffer.concat(this.#cell).toString('utf8'));
      this.#cell = [];
    } else if (this.#fieldBytes === 0) {
      if (this.#field === 1) this.#emptyEntityLine = this.#fieldLine;
      if (this.#field === 5) this.#emptyKeyLine = this.#fieldLine;
    }
    if (this.#field === this.#width + 1) this.#firstSurplusLine = this.#fieldLine;
  }

  #endField(): void {
    this.#noteField();
    this.#field++;
    this.#startField();
  }

  #startField(): void {
    this.#state = FIELD_START;
    this.#fieldLine = this.#line;
    this.#fieldBytes = 0;
    this.#fieldQuoted = false;
  }

  #endRecord(): void {
    this.#noteField();
    if (this.#header !== undefined) {
      this.#judgeHeader(this.#header);
      this.#header = undefined;
    } else {
      this.rows++;
      this.#judgeRecord();
    }
    this.#field = 1;
    this.#emptyEntityLine = 0;
    this.#emptyKeyLine = 0;
    this.#startField();
  }

  /** A wrong header stops the scan: what the other columns mean is unknown. */
  #judgeHeader(cells: readonly string[]): void {
    const wrong = headerBreach(cells, this.#merge);
    if (wrong === undefined) {
      this.#width = cells.length;
      return;
    }
    this.#note(wrong);
    this.stopped = true;
  }

  #judgeRecord(): void {
    const count = this.#field;
    if (count === 1 && this.#fieldBytes === 0 && !this.#fieldQuoted) {
      this.#note(breach('EMPTY_LINE', this.#fieldLine, 1));
    } else if (count !== this.#width) {
      const fields = `${count === 1 ? '1 field' : `${count} fields`} where ${this.#width} are expected`;
      const line = count < this.#width ? this.#fieldLine : this.#firstSurplusLine;
      this.#note(breach('FIELD_COUNT', line, Math.min(count, this.#width) + 1, fields));
    } else if (this.#emptyEntityLine > 0) {
      this.#note(breach('EMPTY_REQUIRED', this.#emptyEntityLine, 1));
    } else if (this.#emptyKeyLine > 0) {
      this.#note(breach('EMPTY_REQUIRED', this.#emptyKeyLine, 5));
    }
  }
}
