package com.cove.db.history;

import org.jdbi.v3.core.Handle;

record HorizonDao(Handle handle) {
    Horizon current() {
        return handle.createQuery(HorizonMapper.SELECT).map(new HorizonMapper()).one();
    }
}
