package dev.roundtrip.local.store.table;

class InMemoryTablesTest extends TableStoreContract {
    @Override
    TableStore open() {
        return new InMemoryTables();
    }
}
