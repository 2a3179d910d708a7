/** AWS as far as tests need it: moto's server, and a line to it that can be made bad. Used by the tests of several modules. */
@NullMarked
package com.cove.model.aws;

import org.jspecify.annotations.NullMarked;
