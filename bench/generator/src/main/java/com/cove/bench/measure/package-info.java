/** What is counted, and how it is told. */
@NullMarked
package com.cove.bench.measure;

import org.jspecify.annotations.NullMarked;
