/** The owner of DuckDB: one file, one connection. Imported only by the store's thread, since loading it takes 0.2 s. */

import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { makeDirectory } from '../../proto/make-directory.js';
import { SCHEMA, VIEWS } from './schema.js';
import { splitEvents } from './split-events.js';
import { splitSnapshots } from './split-snapshots.js';

/** Rows of one chunk: DuckDB's vector size. */
const CHUNK_ROWS = 2048;

/**
 * History must not take the memory or the processors that the debugged programs need. Its file is tidied when so much has been
 * written: more often took a fifth of the time, in stops of 0.1 s.
 */
const SETTINGS = { threads: '1', memory_limit: '256MB', checkpoint_threshold: '64MB' };

/** A column of numbers to append. */
export interface NumberColumn {
  readonly type: DuckDBType;
  readonly values: Uint32Array | BigInt64Array | BigUint64Array;
}

export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** Opens or makes the file; throws DuckDB's own error for one that is locked, corrupt or not writable. */
  static async open(path: string): Promise<Database> {
    makeDirectory(dirname(path));
    const instance = await DuckDBInstance.create(path, SETTINGS);
    chmodSync(path, 0o600);
    const database = new Database(instance, await instance.connect());
    for (const statement of SCHEMA) await database.run(statement);
    await splitEvents(database);
    await splitSnapshots(database, SETTINGS.memory_limit);
    for (const statement of VIEWS) await database.run(statement);
    return database;
  }

  async run(sql: string, values: readonly DuckDBValue[] = []): Promise<void> {
    await this.connection.run(sql, [...values]);
  }

  /** All rows of a question; integers above 32 bits come as bigint. */
  async rows(sql: string, values: readonly DuckDBValue[] = []): Promise<Record<string, DuckDBValue>[]> {
    const reader = await this.connection.runAndReadAll(sql, [...values]);
    return reader.getRowObjects();
  }

  /** Whether there is a table of this name, and not a view. */
  async hasTable(name: string): Promise<boolean> {
    const sql = "SELECT 1 FROM information_schema.tables WHERE table_name = $1 AND table_type = 'BASE TABLE'";
    return (await this.rows(sql, [name])).length > 0;
  }

  /** All or nothing. */
  async transaction(work: () => Promise<void>): Promise<void> {
    await this.run('BEGIN');
    try {
      await work();
      await this.run('COMMIT');
    } catch (error) {
      // A failed commit has rolled back already; the first error is the one to tell.
      await this.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Appends whole columns of equal length: half a microsecond a row, against 20 of an INSERT a row. */
  async appendColumns(table: string, columns: readonly NumberColumn[]): Promise<void> {
    const rows = columns[0]?.values.length ?? 0;
    const types = columns.map((column) => column.type);
    const appender = await this.connection.createAppender(table);
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const to = Math.min(rows, from + CHUNK_ROWS);
      const chunk = DuckDBDataChunk.create(types, to - from);
      columns.forEach(({ values }, at) => {
        chunk.setColumnValues(at, values.subarray(from, to) as unknown as DuckDBValue[]);
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  /** Appends rows of any values. */
  async appendRows(table: string, types: readonly DuckDBType[], rows: readonly (readonly DuckDBValue[])[]): Promise<void> {
    const appender = await this.connection.createAppender(table);
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create([...types]);
      chunk.setRows(rows.slice(from, from + CHUNK_ROWS).map((row) => [...row]));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
