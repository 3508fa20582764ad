import { describe, expect, it } from 'vitest';
import { outputsTable, variablesTable, withTables } from '../../../src/terraform/tables.ts';

const CONFIGURATION = `# Words.

variable "days" {
  description = "Days, or null | none."
  type        = number
  default     = null

  validation {
    condition     = var.days == null ? true : var.days > 0
    error_message = "days must be more than 0."
  }
}

variable "readers" {
  description = "Names as \\"a\\" or <b>."
  type = list(object({
    name  = string
    views = optional(list(string), ["*"])
  }))
  default  = []
  nullable = false
}

variable "name" {
  description = "A name."
  type        = string
}

output "bucket" {
  description = "The bucket."
  value       = aws_s3_bucket.lake.bucket
}
`;

describe('the tables of a configuration', () => {
  it('have what must be set first, types and defaults as they are written, and nothing that breaks the table', () => {
    expect(variablesTable(CONFIGURATION)).toBe(
      [
        '| variable | type | default | what it is |',
        '| --- | --- | --- | --- |',
        '| `name` | `string` | **must be set** | A name. |',
        '| `days` | `number` | `null` | Days, or null \\| none. |',
        '| `readers` | `list(object({ name = string, views = optional(list(string), ["*"]) }))` | `[]` | Names as "a" or &lt;b>. |',
      ].join('\n'),
    );
    expect(outputsTable(CONFIGURATION)).toBe(
      '| output | what it is |\n| --- | --- |\n| `bucket` | The bucket. |',
    );
  });

  it('go between their marks, and nowhere else', () => {
    expect(withTables('a\n<!-- x -->\nold\n<!-- /x -->\nb', { x: 'new' })).toBe(
      'a\n<!-- x -->\nnew\n<!-- /x -->\nb',
    );
    expect(() => withTables('a', { x: 'new' })).toThrow(/has no <!-- x -->/);
  });
});
