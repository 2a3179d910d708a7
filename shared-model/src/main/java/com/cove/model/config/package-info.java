/** Reading settings from the environment. Used by every program once, at start. */
@NullMarked
package com.cove.model.config;

import org.jspecify.annotations.NullMarked;
