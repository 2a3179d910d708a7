/** Who somebody is: id, name and picture as their token states them. Immutable, any thread. */
@NullMarked
package com.cove.model.user;

import org.jspecify.annotations.NullMarked;
