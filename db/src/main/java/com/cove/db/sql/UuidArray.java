package com.cove.db.sql;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An array of ids in PostgreSQL's binary form (array_recv), half as long as its text: the driver has that for arrays of numbers and of texts only. As
 * text on a connection whose {@code binaryTransferEnable} does not name UUID_ARRAY.
 */
final class UuidArray extends PGobject implements PGBinaryObject {
    @Serial
    private static final long serialVersionUID = 1;

    /** Of the array: dimensions, whether nulls are to be expected, the elements' type, their number, the first index. */
    private static final int HEADER_BYTES = 5 * Integer.BYTES;

    private static final int ID_BYTES = 2 * Long.BYTES;
    private static final int NULL = -1;

    private final transient List<@Nullable UUID> ids;

    UuidArray(@Nullable UUID[] ids) {
        this.ids = Arrays.asList(ids);
        setType("uuid[]");
    }

    @Override
    public String getValue() {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public int lengthInBytes() {
        int length = HEADER_BYTES;
        for (UUID id : ids) {
            length += Integer.BYTES + (id == null ? 0 : ID_BYTES);
        }
        return length;
    }

    @Override
    public void toBytes(byte[] bytes, int offset) {
        ByteBuffer array = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
        array.putInt(1).putInt(1).putInt(Oid.UUID).putInt(ids.size()).putInt(1);
        for (UUID id : ids) {
            if (id == null) {
                array.putInt(NULL);
            } else {
                array.putInt(ID_BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
            }
        }
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("only sent, never read");
    }
}
