"""Define the section `[model]` of `switchboard.toml`."""

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section
from domain.model_calls import ModelPrice


class Model(Section):
    """What the language model may cost."""

    daily_tokens: int = Field(
        2_000_000,
        ge=0,
        description="tokens that the language model may use in a day (UTC); over it the bot does without; 0: no cap",
    )
    daily_cost: float = Field(
        0.0, ge=0, description="US dollars that it may cost in a day, by the two prices below; 0: no cap"
    )
    input_price: float = Field(0.0, ge=0, description="its price of a million tokens in; 0: not known")
    output_price: float = Field(
        0.0, ge=0, validate_default=True, description="its price of a million tokens out; 0: not known"
    )

    @property
    def price(self) -> ModelPrice:
        """The price of a call."""
        return ModelPrice(input=self.input_price, output=self.output_price)

    @field_validator("output_price")
    @classmethod
    def _require_price(cls, value: float, info: ValidationInfo) -> float:
        if info.data.get("daily_cost") and not (value or info.data.get("input_price")):
            raise PydanticCustomError(
                "setting", "is needed for model.daily_cost, and so is model.input_price: a cost needs a price"
            )
        return value
