import { crc32 } from 'node:zlib';

export type ZipEntry = { readonly name: string; readonly content: Buffer };

/** 1 January 1980, 00:00: the first moment that MS-DOS time can say, the same in every archive. */
const DOS_DATE = 0x0021;
const UTF8_NAMES = 0x0800;
const REGULAR_FILE = (0o100644 << 16) >>> 0;

/**
 * A ZIP archive without compression whose bytes depend on nothing but the names and contents: entries in name order,
 * one fixed time. Format: PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16.
 */
export function zipArchive(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of sorted) {
    const described = description(name, content);
    const local = Buffer.concat([bytes(4, 0x04034b50), bytes(2, 20), described, Buffer.from(name), content]);
    directory.push(
      Buffer.concat([
        bytes(4, 0x02014b50),
        // Made on Unix (3), so that the mode below counts; version 2.0.
        bytes(2, (3 << 8) | 20),
        bytes(2, 20),
        described,
        // Comment, disk and internal attributes: none.
        bytes(6, 0),
        bytes(4, REGULAR_FILE),
        bytes(4, offset),
        Buffer.from(name),
      ]),
    );
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.concat([
    bytes(4, 0x06054b50),
    bytes(4, 0),
    bytes(2, sorted.length),
    bytes(2, sorted.length),
    bytes(4, index.length),
    bytes(4, offset),
    bytes(2, 0),
  ]);
  return Buffer.concat([...files, index, end]);
}

/** The part that the local header and the directory share: flags, method 0, time, checksum, sizes, name length. */
function description(name: string, content: Buffer): Buffer {
  return Buffer.concat([
    bytes(2, UTF8_NAMES),
    bytes(2, 0),
    bytes(2, 0),
    bytes(2, DOS_DATE),
    bytes(4, crc32(content)),
    bytes(4, content.length),
    bytes(4, content.length),
    bytes(2, Buffer.byteLength(name)),
    bytes(2, 0),
  ]);
}

function bytes(length: number, value: number): Buffer {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntLE(value, 0, length);
  return buffer;
}
