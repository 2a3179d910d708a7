/** The devices that receive pushes. Immutable, any thread. */
@NullMarked
package com.cove.model.device;

import org.jspecify.annotations.NullMarked;
