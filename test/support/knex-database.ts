import { createRequire } from 'node:module';
import createKnex, { type Knex } from 'knex';
import initSqlJs, { type BindParams, type Statement } from 'sql.js';
import { onTestFinished } from 'vitest';
import { activeName } from './tracing.js';

const SqliteClient: typeof Knex.Client = createRequire(import.meta.url)(
  'knex/lib/dialects/better-sqlite3/index.js',
);
const sqlJs = await initSqlJs();

/** A statement that has run, and the span that was active then. */
type RanStatement = readonly [sql: string, active: string | undefined];

/**
 * knex over a new SQLite database in memory that holds one thing, `n` = 42; closed when the test is over. `ran` is what
 * it has run so far.
 */
export function openDatabase() {
  const ran: RanStatement[] = [];

  /** What knex asks of its driver for SQLite. */
  class Driver {
    readonly #database = new sqlJs.Database().run(
      'create table things (n integer); insert into things values (42)',
    );

    prepare(sql: string) {
      const statement = this.#database.prepare(sql);
      return {
        reader: statement.getColumnNames().length > 0,
        all: (bindings: BindParams) => {
          ran.push([sql, activeName()]);
          return rowsOf(statement, bindings);
        },
        run: (bindings: BindParams) => {
          ran.push([sql, activeName()]);
          rowsOf(statement, bindings);
          return { changes: this.#database.getRowsModified(), lastInsertRowid: 0 };
        },
      };
    }

    close() {
      this.#database.close();
    }
  }

  class Client extends SqliteClient {
    _driver() {
      return Driver;
    }
  }

  const knex = createKnex({
    client: Client,
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
  });
  onTestFinished(() => knex.destroy());
  return { knex, ran };
}

function rowsOf(statement: Statement, bindings: BindParams) {
  const rows = [];
  statement.bind(bindings);
  while (statement.step()) rows.push(statement.getAsObject());
  statement.free();
  return rows;
}
