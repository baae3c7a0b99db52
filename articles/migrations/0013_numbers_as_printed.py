"""The numbers of studies become text, so that 0.50 stays 0.50; the constraints compare them as numbers."""

from decimal import Decimal

import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models

import articles.printed_numbers


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_editors_keep_studies"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outcome",
            name="outcome_scale_goes_up",
        ),
        migrations.RemoveConstraint(
            model_name="result",
            name="result_sd_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="result",
            name="result_interval_goes_up",
        ),
        migrations.RemoveConstraint(
            model_name="result",
            name="result_interval_holds_value",
        ),
        migrations.AlterField(
            model_name="outcome",
            name="scale_high",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="and ends at"
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="scale_low",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="the scale begins at"
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="estimate",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="value"
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="high",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="to"
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="low",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True,
                decimal_places=4,
                help_text="The 95 % interval.",
                max_digits=12,
                null=True,
                verbose_name="interval from",
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="sd",
            field=articles.printed_numbers.PrintedNumberField(
                blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="spread (SD)"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThan(
                    django.db.models.functions.comparison.Cast(
                        models.F("scale_low"), models.DecimalField(decimal_places=4, max_digits=12)
                    ),
                    django.db.models.functions.comparison.Cast(
                        models.F("scale_high"), models.DecimalField(decimal_places=4, max_digits=12)
                    ),
                ),
                name="outcome_scale_goes_up",
                violation_error_message="A scale ends higher than it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.GreaterThanOrEqual(
                    django.db.models.functions.comparison.Cast(
                        models.F("sd"), models.DecimalField(decimal_places=4, max_digits=12)
                    ),
                    Decimal(0),
                ),
                name="result_sd_not_negative",
                violation_error_message="A spread (SD) is never below zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.comparison.Cast(
                        models.F("low"), models.DecimalField(decimal_places=4, max_digits=12)
                    ),
                    django.db.models.functions.comparison.Cast(
                        models.F("high"), models.DecimalField(decimal_places=4, max_digits=12)
                    ),
                ),
                name="result_interval_goes_up",
                violation_error_message="The interval ends lower than it begins. Swap its ends.",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.comparison.Cast(
                            models.F("low"), models.DecimalField(decimal_places=4, max_digits=12)
                        ),
                        django.db.models.functions.comparison.Cast(
                            models.F("estimate"), models.DecimalField(decimal_places=4, max_digits=12)
                        ),
                    ),
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.comparison.Cast(
                            models.F("estimate"), models.DecimalField(decimal_places=4, max_digits=12)
                        ),
                        django.db.models.functions.comparison.Cast(
                            models.F("high"), models.DecimalField(decimal_places=4, max_digits=12)
                        ),
                    ),
                ),
                name="result_interval_holds_value",
                violation_error_message="The value lies outside its own interval.",
            ),
        ),
    ]
